import ArgumentParser
import ClavigerCrypto

/// `claviger policy attach`
struct PolicyAttach: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Let users and groups have a policy.",
        discussion: """
              claviger policy attach readers --user jane --group auditors
            """
    )

    @Argument(help: "The policy's name.")
    var policy: String

    @OptionGroup var holders: PolicyHolderOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        try await connection.withAdmin { try await holders.change(policy, by: .put, $0) }
        try output.show(holders.value(policy)) { holders.lines(policy, "attached to") }
    }
}
