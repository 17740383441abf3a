import ArgumentParser
import ClavigerCrypto

/// `claviger user set-description`
struct UserSetDescription: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-description",
        abstract: "Give a user another description.",
        discussion: """
              claviger user set-description jane 'orders team'
            """
    )

    @Argument(help: "The user's name.")
    var user: String

    @Argument(help: "The new description, up to 1000 characters; may be empty.")
    var text: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await client.call(.patch, ["users", user]) { $0.member("description", text) }
        }
        try output.show(answer) { "user \(DisplayText.visible(user)) has a new description\n" }
    }
}
