import ArgumentParser
import ClavigerCrypto

/// `claviger user delete`
struct UserDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a user with its access keys, memberships and attachments.",
        discussion: """
              claviger user delete jane
            """
    )

    @Argument(help: "The user's name.")
    var user: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.delete, ["users", user]) }
        try output.show(.members(["name": .text(user)]).adding(contentsOf: answer.without("name"))) {
            "user \(DisplayText.visible(user)) is deleted\n"
        }
    }
}
