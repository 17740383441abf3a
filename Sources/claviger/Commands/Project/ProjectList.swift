import ArgumentParser
import ClavigerCrypto

/// `claviger project list`
struct ProjectList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the projects of the account.",
        discussion: """
              claviger project list
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let projects = try await connection.withAdmin { try await $0.list("projects") }
        try output.show(.members(["items": .array(projects)])) { Table(projects: projects).text }
    }
}
