import ArgumentParser
import ClavigerCrypto

/// `claviger secret describe`
struct SecretDescribe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Show what is known of a secret, without its values.",
        discussion: """
              claviger secret describe db/password
              claviger secret describe db/password --format yaml
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withSecrets { client in
            try await client.call("DescribeSecret", [("SecretName", name), ("FetchTags", "true")])
        }
        try output.show(response) { Table(secret: response).text }
    }
}
