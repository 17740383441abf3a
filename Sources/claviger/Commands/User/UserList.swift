import ArgumentParser
import ClavigerCrypto

/// `claviger user list`
struct UserList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the users of the account, by name.",
        discussion: """
              claviger user list
            """
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let users = try await connection.withAdmin { try await $0.list("users") }
        try output.show(.members(["items": .array(users)])) { Table(users: users).text }
    }
}
