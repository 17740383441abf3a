import ArgumentParser
import ClavigerCrypto

/// `claviger user revoke-sessions`
struct UserRevokeSessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke-sessions",
        abstract: "Void a user's sessions and temporary credentials.",
        discussion: """
            Access keys stay as they are; `claviger access-key disable` stops one.

              claviger user revoke-sessions jane
            """
    )

    @Argument(help: "The user's name.")
    var user: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.delete, ["users", user, "sessions"]) }
        try output.show(.members(["name": .text(user)]).adding(contentsOf: answer.without("name"))) {
            "the sessions and temporary credentials of \(DisplayText.visible(user)) are void\n"
        }
    }
}
