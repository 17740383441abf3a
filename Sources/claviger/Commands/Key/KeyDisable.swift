import ArgumentParser

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
            let result = try await client.changeState(of: keys, by: "DisableKeys", to: "Disabled")
            try output.show(result.json) { result.ids.map { "\($0) is disabled\n" }.joined() }
        }
    }
}
