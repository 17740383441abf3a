import ArgumentParser
import ClavigerCrypto

/// `claviger access-key temporary`
struct AccessKeyTemporary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "temporary",
        abstract: "Make credentials that end by themselves.",
        discussion: """
            They may do what the user may do. `claviger user revoke-sessions` ends them before their time.

              claviger access-key temporary --duration 15m --profile-out job.env
              claviger access-key temporary --user batch --duration 12h
            """
    )

    @Option(help: ArgumentHelp("The user whom they stand for (default: the caller).", valueName: "name"))
    var user: String?

    @Option(help: ArgumentHelp("How long they last, 15m to 36h (default: 1h).", valueName: "time"))
    var duration: TimeSpan?

    @OptionGroup var profileOut: ProfileOutOptions

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let answer = try await connection.withAdmin { client in
            try await profileOut.save(by: client) { () throws(CommandFailure) in
                try await client.call(.post, ["temporary-credentials"]) { json in
                    if let user { json.member("user", user) }
                    if let duration { json.member("durationSeconds", duration.seconds) }
                }
            }
        }
        try profileOut.show(answer, output)
    }
}
