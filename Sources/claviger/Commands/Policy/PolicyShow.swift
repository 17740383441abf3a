import ArgumentParser
import ClavigerCrypto

/// `claviger policy show`
struct PolicyShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a policy, and who has it.",
        discussion: """
              claviger policy show readers
              claviger policy show readers --document > readers.json
            """
    )

    @Argument(help: "The policy's name.")
    var policy: String

    @OptionGroup var document: PolicyDocumentOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { try await $0.call(.get, ["policies", policy]) }
        try document.show(answer, output, Table(policy: answer))
    }
}
