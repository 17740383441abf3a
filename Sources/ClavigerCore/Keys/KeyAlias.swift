/// A key's name within its account and realm.
package struct KeyAlias: Hashable, Sendable, CustomStringConvertible {
    package let name: String

    /// Takes a name that its dialect has checked, or that comes from the store.
    package init(checked name: String) { self.name = name }

    package var description: String { name }
}
