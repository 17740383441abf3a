/// A label of a secret's versions, which marks at most one of them. Labels count byte for byte.
package struct SecretStage: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    /// Takes a label that its dialect has checked, or that comes from the store.
    package init(checked name: String) { self.name = name }

    /// The version that counts.
    package static let current = SecretStage(checked: "ACSCurrent")

    /// The version that counted before it.
    package static let previous = SecretStage(checked: "ACSPrevious")

    package var isBuiltIn: Bool { self == .current || self == .previous }
    package var description: String { name }

    // Swift takes equivalent spellings of a text for equal.
    package static func == (left: SecretStage, right: SecretStage) -> Bool {
        left.name.utf8.elementsEqual(right.name.utf8)
    }

    // Equal bytes are equal texts.
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
