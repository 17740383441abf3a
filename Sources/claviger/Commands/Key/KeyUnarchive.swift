import ArgumentParser
import ClavigerCrypto

/// `claviger key unarchive`
struct KeyUnarchive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unarchive",
        abstract: "Let an archived key encrypt again.",
        discussion: """
            The key is enabled afterwards, even if it was disabled before it was archived.

              claviger key unarchive orders-2025
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let result = try await client.change(key, by: "CancelKeyArchive", facts: ["KeyState": .text("Enabled")])
            try output.show(result.json) { "\(result.id) is enabled\n" }
        }
    }
}
