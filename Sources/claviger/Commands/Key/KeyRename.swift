import ArgumentParser
import ClavigerCrypto

/// `claviger key rename`
struct KeyRename: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename",
        abstract: "Give a key another alias.",
        discussion: """
            The old alias is free at once. Ciphertexts name the key by its id and stay as they are.

              claviger key rename orders orders-2026
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @Argument(help: "The new alias.")
    var alias: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let result = try await client.change(key, by: "UpdateAlias", facts: ["Alias": .text(alias)]) {
                $0.member("Alias", alias)
            }
            try output.show(result.json) { "\(result.id) is now called \(alias)\n" }
        }
    }
}
