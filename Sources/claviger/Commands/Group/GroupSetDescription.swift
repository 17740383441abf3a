import ArgumentParser
import ClavigerCrypto

/// `claviger group set-description`
struct GroupSetDescription: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-description",
        abstract: "Give a group another description.",
        discussion: """
              claviger group set-description auditors 'may read the audit log'
            """
    )

    @Argument(help: "The group's name.")
    var group: String

    @Argument(help: "The new description, up to 1000 characters; may be empty.")
    var text: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await client.call(.patch, ["groups", group]) { $0.member("description", text) }
        }
        try output.show(answer) { "group \(DisplayText.visible(group)) has a new description\n" }
    }
}
