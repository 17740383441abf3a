import ArgumentParser
import ClavigerCrypto

/// `claviger policy delete`
struct PolicyDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a policy that is attached to nobody.",
        discussion: """
              claviger policy delete readers
            """
    )

    @Argument(help: "The policy's name.")
    var policy: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.delete, ["policies", policy]) }
        try output.show(.members(["name": .text(policy)]).adding(contentsOf: answer.without("name"))) {
            "policy \(DisplayText.visible(policy)) is deleted\n"
        }
    }
}
