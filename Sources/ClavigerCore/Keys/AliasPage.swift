/// A part of a list of aliases, and how long the whole list is.
package struct AliasPage: Sendable {
    package let aliases: [AliasEntry]
    package let total: Int

    package init(aliases: [AliasEntry], total: Int) {
        self.aliases = aliases
        self.total = total
    }
}
