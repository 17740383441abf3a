import ArgumentParser

/// `claviger product-key …`
struct ProductKeyCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "product-key",
        abstract: "Make keys on behalf of cloud products.",
        discussion: """
            A product's key is used, described and rotated like any other, but nobody can disable, archive or delete it.

              claviger product-key create cbs
              claviger product-key list
            """,
        subcommands: [ProductKeyCreate.self, ProductKeyList.self]
    )
}
