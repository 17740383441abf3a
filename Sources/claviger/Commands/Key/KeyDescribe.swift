import ArgumentParser
import ClavigerCrypto

/// `claviger key describe`
struct KeyDescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show what is known of a key.",
        discussion: """
              claviger key describe orders
              claviger key describe orders --format yaml
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withClient { client in
            let id = try await client.keyID(key)
            return try await client.call("DescribeKey") { $0.member("KeyId", id) }
        }
        try output.show(response) { Table(key: response["KeyMetadata"] ?? .null).text }
    }
}
