/// Which keys to list, in which order.
package struct KeyQuery: Hashable, Sendable {
    package enum Role: Sendable { case user, product }
    package enum Order: Sendable { case newestFirst, oldestFirst }

    /// What a key is for: the pair that Tencent's dialect calls KeyUsage.
    package struct Purpose: Hashable, Sendable {
        package let spec: KeySpec
        package let usage: KeyUsage

        package init(spec: KeySpec, usage: KeyUsage) {
            self.spec = spec
            self.usage = usage
        }
    }

    /// Keys that have the tag, with one of the values if there are any.
    package struct TagFilter: Hashable, Sendable {
        package let key: String
        package let values: [String]

        package init(key: String, values: [String]) {
            self.key = key
            self.values = values
        }
    }

    package var scope: KeyScope

    /// `nil` stands for all, here and below.
    package var role: Role? = .user
    package var order = Order.newestFirst

    package var states: Set<KeyState>?
    package var purposes: Set<Purpose>?
    package var origin: KeyOrigin?

    package var enterpriseProject: String?

    /// The primary alias, byte for byte.
    package var alias: String?

    /// Part of the primary alias or of the key id, in exactly this case.
    package var search: String?

    /// All of them must hold.
    package var tagFilters: [TagFilter] = []

    package init(scope: KeyScope) { self.scope = scope }
}

/// A part of a list, and how long the whole list is.
package struct KeyPage: Sendable {
    package let keys: [Key]
    package let total: Int

    package init(keys: [Key], total: Int) {
        self.keys = keys
        self.total = total
    }
}
