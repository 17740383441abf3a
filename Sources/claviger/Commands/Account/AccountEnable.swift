import ArgumentParser
import ClavigerCrypto

/// `claviger account enable`
struct AccountEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let the users of an account work again.",
        discussion: """
              claviger account enable acme
            """
    )

    @Argument(help: "The account's name or number.")
    var account: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await client.call(.patch, ["accounts", account]) { $0.member("enabled", true) }
        }
        try output.show(answer) { "account \(DisplayText.visible(account)) is enabled\n" }
    }
}
