import ArgumentParser
import ClavigerCrypto

/// `claviger key set-description`
struct KeySetDescription: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-description",
        abstract: "Give a key another description.",
        discussion: """
              claviger key set-description orders 'data of orders'
              claviger key set-description orders ''
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @Argument(help: "The new description, up to 1024 bytes; may be empty.")
    var text: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let facts: KeyValuePairs<String, JSONValue?> = ["Description": .text(text)]
            let result = try await client.change(key, by: "UpdateKeyDescription", facts: facts) {
                $0.member("Description", text)
            }
            try output.show(result.json) { "\(result.id) has a new description\n" }
        }
    }
}
