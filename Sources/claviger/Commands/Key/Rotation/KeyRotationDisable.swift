import ArgumentParser
import ClavigerCrypto

/// `claviger key rotation disable`
struct KeyRotationDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Let a key no longer rotate by itself.",
        discussion: """
            The key keeps all its material; `claviger key rotate` still rotates it by hand.

              claviger key rotation disable orders
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let result = try await client.change(
                key, by: "DisableKeyRotation", facts: ["KeyRotationEnabled": .bool(false)])
            try output.show(result.json) { "\(result.id) does not rotate by itself\n" }
        }
    }
}
