import ArgumentParser
import ClavigerCrypto

/// `claviger user enable`
struct UserEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a user work again.",
        discussion: """
              claviger user enable jane
            """
    )

    @Argument(help: "The user's name.")
    var user: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await client.call(.patch, ["users", user]) { $0.member("enabled", true) }
        }
        try output.show(.members(["name": .text(user)]).adding(contentsOf: answer.without("name"))) {
            "user \(DisplayText.visible(user)) is enabled\n"
        }
    }
}
