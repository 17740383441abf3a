import ArgumentParser
import ClavigerCrypto

/// `claviger group remove`
struct GroupRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Take users out of a group.",
        discussion: """
              claviger group remove auditors jane joe
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
            for user in users { _ = try await client.call(.delete, ["groups", group, "members", user]) }
        }
        try output.show(.members(["group": .text(group), "users": .array(users.map(JSONValue.text))])) {
            users.map { "\(DisplayText.visible($0)) is not in group \(DisplayText.visible(group))\n" }.joined()
        }
    }
}
