import ArgumentParser
import ClavigerCrypto

/// `claviger account list`
struct AccountList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the accounts of the server.",
        discussion: """
              claviger account list
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let accounts = try await connection.withAdmin { try await $0.list("accounts") }
        try output.show(.members(["items": .array(accounts)])) { Table(accounts: accounts).text }
    }
}
