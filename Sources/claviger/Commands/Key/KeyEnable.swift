import ArgumentParser

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
            let result = try await client.changeState(of: keys, by: "EnableKeys", to: "Enabled")
            try output.show(result.json) { result.ids.map { "\($0) is enabled\n" }.joined() }
        }
    }
}
