import ArgumentParser
import ClavigerCrypto

/// `claviger policy list`
struct PolicyList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the policies of the account, by name.",
        discussion: """
              claviger policy list
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let policies = try await connection.withAdmin { try await $0.list("policies") }
        try output.show(.members(["items": .array(policies)])) { Table(policies: policies).text }
    }
}
