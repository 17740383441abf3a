/// A secret's name within its account and realm.
package struct SecretName: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    /// Takes a name that its dialect has checked, or that comes from the store: ASCII, 1 to 192 characters.
    package init(checked text: String) { self.text = text }

    package var description: String { text }
}
