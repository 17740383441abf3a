import ArgumentParser
import ClavigerCrypto

/// `claviger key delete-material`
struct KeyDeleteMaterial: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete-material",
        abstract: "Delete the imported material of a key.",
        discussion: """
            The key waits for the same material again; until it is imported nothing can be decrypted.

              claviger key delete-material backups
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let result = try await client.change(
                key, by: "DeleteImportedKeyMaterial", facts: ["KeyState": .text("PendingImport")])
            try output.show(result.json) { "\(result.id) waits for its material\n" }
        }
    }
}
