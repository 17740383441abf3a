import ArgumentParser
import ClavigerCrypto

/// `claviger policy detach`
struct PolicyDetach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "detach",
        abstract: "Take a policy from users and groups.",
        discussion: """
              claviger policy detach readers --user jane --group auditors
            """
    )

    @Argument(help: "The policy's name.")
    var policy: String

    @OptionGroup var holders: PolicyHolderOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withAdmin { try await holders.change(policy, by: .delete, $0) }
        try output.show(holders.value(policy)) { holders.lines(policy, "detached from") }
    }
}
