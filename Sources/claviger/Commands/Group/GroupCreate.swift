import ArgumentParser
import ClavigerCrypto

/// `claviger group create`
struct GroupCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a group.",
        discussion: """
              claviger group create auditors --description 'may read the audit log'
            """
    )

    @Argument(help: "The new group's name: 1 to 64 letters, digits and + = , . @ _ -; unique in the account.")
    var name: String

    @Option(help: "What the group is for; up to 1000 characters.")
    var description: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await client.call(.post, ["groups"]) { json in
                json.member("name", name)
                if let description { json.member("description", description) }
            }
        }
        try output.show(answer) { Table(group: answer).text }
    }
}
