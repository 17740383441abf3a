import ArgumentParser
import ClavigerCrypto

/// `claviger product-key list`
struct ProductKeyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the keys of cloud products, the newest first.",
        discussion: """
              claviger product-key list
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let (keys, total) = try await connection.withClient { client in
            try await client.keys(limit: nil) { json in
                json.member("KeyUsage", "ALL")
                json.member("Role", 1)
            }
        }
        try output.show(.members(["KeyMetadatas": .array(keys), "TotalCount": .integer(total)])) {
            Table(productKeys: keys).text
        }
    }
}
