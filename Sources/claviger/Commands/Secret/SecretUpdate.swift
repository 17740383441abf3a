import ArgumentParser
import ClavigerCrypto

/// `claviger secret update`
struct SecretUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Give a secret another description.",
        discussion: """
              claviger secret update db/password --description 'of orders'
              claviger secret update db/password --description ''

            `claviger secret put` gives it another value.
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @Option(help: "The new description; may be empty.")
    var description: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withSecrets { client in
            try await client.call("UpdateSecret", [("SecretName", name), ("Description", description)])
        }
        try output.show(response) { "\(DisplayText.visible(name)) has a new description\n" }
    }
}
