import ArgumentParser
import ClavigerCrypto

/// `claviger group add`
struct GroupAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Put users into a group.",
        discussion: """
              claviger group add auditors jane joe
            """
    )

    @Argument(help: "The group's name.")
    var group: String

    @Argument(help: ArgumentHelp("The users' names.", valueName: "user"))
    var users: [String]

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withAdmin { client in
            for user in users { _ = try await client.call(.put, ["groups", group, "members", user]) }
        }
        try output.show(.members(["group": .text(group), "users": .array(users.map(JSONValue.text))])) {
            users.map { "\(DisplayText.visible($0)) is in group \(DisplayText.visible(group))\n" }.joined()
        }
    }
}
