import ArgumentParser
import ClavigerCrypto

/// `claviger account show`
struct AccountShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of an account.",
        discussion: """
            Without a name that of the caller, with its projects.

              claviger account show
              claviger account show acme --format yaml
            """
    )

    @Argument(help: "The account's name or number.")
    var account: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await client.call(.get, account.map { ["accounts", $0] } ?? ["account"])
        }
        try output.show(answer) { Table(account: answer).text }
    }
}
