import ArgumentParser
import ClavigerCrypto

/// `claviger access-key create`
struct AccessKeyCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an access key.",
        discussion: """
            The secret is told this once.

              claviger access-key create --user jane --profile-out jane.env
              claviger whoami --profile jane.env
            """
    )

    @OptionGroup var owner: AccessKeyOptions
    @OptionGroup var profileOut: ProfileOutOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            let path = try await owner.path(client)
            return try await profileOut.save(by: client) { () throws(CommandFailure) in
                try await client.call(.post, path)
            }
        }
        try profileOut.show(answer, output)
    }
}
