/// An alias and the key that has it.
package struct AliasEntry: Hashable, Sendable {
    package let alias: KeyAlias
    package let key: KeyID

    package init(alias: KeyAlias, key: KeyID) {
        self.alias = alias
        self.key = key
    }
}
