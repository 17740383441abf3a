/// Which secrets to list. The oldest come first.
package struct SecretQuery: Hashable, Sendable {
    /// What a filter looks at.
    package enum Field: String, CaseIterable, Sendable {
        case name
        case description
        case tagKey
        case tagValue
    }

    /// Secrets in which one of the values is part of the field, byte for byte, or of one of its tags.
    package struct Filter: Hashable, Sendable {
        package let field: Field
        package let values: [String]

        package init(field: Field, values: [String]) {
            self.field = field
            self.values = values
        }
    }

    package let scope: KeyScope

    /// `nil` stands for all.
    package let filter: Filter?

    package init(scope: KeyScope, filter: Filter? = nil) {
        self.scope = scope
        self.filter = filter
    }
}
