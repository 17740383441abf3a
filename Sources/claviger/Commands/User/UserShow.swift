import ArgumentParser
import ClavigerCrypto

/// `claviger user show`
struct UserShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of a user: its groups, policies and access keys.",
        discussion: """
              claviger user show jane
            """
    )

    @Argument(help: "The user's name.")
    var user: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.get, ["users", user]) }
        try output.show(answer) { Table(user: answer).text }
    }
}
