import ArgumentParser
import ClavigerCrypto

/// `claviger key archive`
struct KeyArchive: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Stop encryption with a key, but not decryption.",
        discussion: """
            An archived key decrypts what there is and encrypts nothing more. `claviger key unarchive` undoes it.

              claviger key archive orders-2025
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let result = try await client.change(key, by: "ArchiveKey", facts: ["KeyState": .text("Archived")])
            try output.show(result.json) { "\(result.id) is archived\n" }
        }
    }
}
