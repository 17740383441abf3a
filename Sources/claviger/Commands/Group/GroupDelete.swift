import ArgumentParser
import ClavigerCrypto

/// `claviger group delete`
struct GroupDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a group; its users stay.",
        discussion: """
              claviger group delete auditors
            """
    )

    @Argument(help: "The group's name.")
    var group: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.delete, ["groups", group]) }
        try output.show(.members(["name": .text(group)]).adding(contentsOf: answer.without("name"))) {
            "group \(DisplayText.visible(group)) is deleted\n"
        }
    }
}
