import ArgumentParser
import ClavigerCrypto

/// `claviger user disable`
struct UserDisable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Stop everything that a user does.",
        discussion: """
            Its access keys, sessions and temporary credentials are refused until it is enabled again.

              claviger user disable jane
            """
    )

    @Argument(help: "The user's name.")
    var user: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await client.call(.patch, ["users", user]) { $0.member("enabled", false) }
        }
        try output.show(.members(["name": .text(user)]).adding(contentsOf: answer.without("name"))) {
            "user \(DisplayText.visible(user)) is disabled\n"
        }
    }
}
