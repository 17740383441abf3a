import ArgumentParser
import ClavigerCrypto

/// `claviger account disable`
struct AccountDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Stop everything that the users of an account do.",
        discussion: """
            Its keys stay as they are. The account of the operator cannot be disabled.

              claviger account disable acme
            """
    )

    @Argument(help: "The account's name or number.")
    var account: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await client.call(.patch, ["accounts", account]) { $0.member("enabled", false) }
        }
        try output.show(answer) { "account \(DisplayText.visible(account)) is disabled\n" }
    }
}
