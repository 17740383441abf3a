import ArgumentParser
import ClavigerCrypto

/// `claviger project delete`
struct ProjectDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete a project; the keys of its region stay.",
        discussion: """
              claviger project delete 0f3c5d7e9b1a4c2d8e6f7a8b9c0d1e2f
            """
    )

    @Argument(help: "The project's id.")
    var project: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.delete, ["projects", project]) }
        try output.show(.members(["id": .text(project)]).adding(contentsOf: answer)) {
            "project \(DisplayText.visible(project)) is deleted\n"
        }
    }
}
