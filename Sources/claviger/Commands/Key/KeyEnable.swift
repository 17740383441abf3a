import ArgumentParser
import ClavigerCrypto

/// `claviger key enable`
struct KeyEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let keys be used again.",
        discussion: """
            Undoes `claviger key disable`. Of several keys either all change, or none.

              claviger key enable orders invoices
            """
    )

    @Argument(help: ArgumentHelp("The keys' ids or aliases.", valueName: "key"))
    var keys: [String]

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let ids = try await client.keyIDs(keys)
            let response = try await client.call("EnableKeys") { json in
                json.name("KeyIds")
                json.array(ids) { $0.string($1) }
            }
            let result = JSONValue.members([
                "KeyIds": .array(ids.map(JSONValue.text)), "KeyState": .text("Enabled"),
                "RequestId": response["RequestId"],
            ])
            try output.show(result) { ids.map { "\($0) is enabled\n" }.joined() }
        }
    }
}
