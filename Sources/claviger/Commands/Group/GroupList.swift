import ArgumentParser
import ClavigerCrypto

/// `claviger group list`
struct GroupList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the groups of the account, by name.",
        discussion: """
              claviger group list
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let groups = try await connection.withAdmin { try await $0.list("groups") }
        try output.show(.members(["items": .array(groups)])) { Table(groups: groups).text }
    }
}
