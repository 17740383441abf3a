import ArgumentParser
import ClavigerCrypto

/// `claviger product-key create`
struct ProductKeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key on behalf of a cloud product.",
        discussion: """
              claviger product-key create cbs --description 'default key of cloud disks'
              claviger product-key create cbs --alias kms-cbs-backup
            """
    )

    @Argument(help: "The product: 1 to 32 lower-case letters, digits and \"-\".")
    var product: String

    @Option(help: "The key's name, which begins with \"kms-\" (default: kms-PRODUCT).")
    var alias: String?

    @Option(help: "What the key is for; up to 1024 bytes.")
    var description: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withClient { client in
            try await client.call("Claviger.CreateProductKey") { json in
                json.member("Product", product)
                if let alias { json.member("Alias", alias) }
                if let description { json.member("Description", description) }
            }
        }
        try output.show(response) { Table(key: response).text }
    }
}
