/// A key's name within its account and realm. Names count byte for byte.
package struct KeyAlias: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    /// Takes a name that its dialect has checked, or that comes from the store.
    package init(checked name: String) { self.name = name }

    package var description: String { name }

    /// What the names of the service's own keys begin with in Alibaba's dialect.
    package static let reservedPrefix = "acs/"

    /// The name of the key that every account has in each region from the first day.
    package static let defaultKey = KeyAlias(checked: "kms/default")

    /// Whether only keys of the service itself can have the name. The service knows these keys by it.
    package var isReserved: Bool { name.hasPrefix(Self.reservedPrefix) || self == .defaultKey }

    /// - Throws: `.invalidAlias` for a reserved name.
    func requireUnreserved() throws(KMSError) {
        guard !isReserved else { throw KMSError(.invalidAlias, "the alias \(name) is one of the service's own") }
    }

    // Swift takes equivalent spellings of a text for equal.
    package static func == (left: KeyAlias, right: KeyAlias) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8)
    }

    // Equal bytes are equal texts.
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
