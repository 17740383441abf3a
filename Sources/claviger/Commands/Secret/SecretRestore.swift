import ArgumentParser
import ClavigerCrypto

/// `claviger secret restore`
struct SecretRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Keep a secret that waits for its deletion.",
        discussion: """
            Afterwards everything is as it was before.

              claviger secret restore db/password
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withSecrets { client in
            try await client.call("RestoreSecret", [("SecretName", name)])
        }
        try output.show(response) { "\(DisplayText.visible(name)) is kept\n" }
    }
}
