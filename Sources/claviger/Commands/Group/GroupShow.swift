import ArgumentParser
import ClavigerCrypto

/// `claviger group show`
struct GroupShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is known of a group: its members and policies.",
        discussion: """
              claviger group show auditors
            """
    )

    @Argument(help: "The group's name.")
    var group: String

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.get, ["groups", group]) }
        try output.show(answer) { Table(group: answer).text }
    }
}
