import ArgumentParser
import ClavigerCrypto

/// `claviger key cancel-deletion`
struct KeyCancelDeletion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel-deletion",
        abstract: "Keep a key that waits for its deletion.",
        discussion: """
            The key is disabled afterwards; `claviger key enable` makes it usable again.

              claviger key cancel-deletion orders
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let id = try await client.keyID(key)
            let response = try await client.call("CancelKeyDeletion") { $0.member("KeyId", id) }
            try output.show(response) { "\(id) is kept\n" }
        }
    }
}
