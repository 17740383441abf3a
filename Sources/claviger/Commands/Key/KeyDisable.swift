import ArgumentParser
import ClavigerCrypto

/// `claviger key disable`
struct KeyDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Stop the use of keys for a time.",
        discussion: """
            Nothing can be encrypted or decrypted with a disabled key until it is enabled. \
            Of several keys either all change, or none.

              claviger key disable orders invoices
            """
    )

    @Argument(help: ArgumentHelp("The keys' ids or aliases.", valueName: "key"))
    var keys: [String]

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withClient { client in
            let ids = try await client.keyIDs(keys)
            let response = try await client.call("DisableKeys") { json in
                json.name("KeyIds")
                json.array(ids) { $0.string($1) }
            }
            let result = JSONValue.members([
                "KeyIds": .array(ids.map(JSONValue.text)), "KeyState": .text("Disabled"),
                "RequestId": response["RequestId"],
            ])
            try output.show(result) { ids.map { "\($0) is disabled\n" }.joined() }
        }
    }
}
