import ArgumentParser
import ClavigerCrypto

/// `claviger secret delete`
struct SecretDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Let a secret be deleted after some days, or at once.",
        discussion: """
            Until the days are over nobody gets the value, and `claviger secret restore` keeps the secret. With --now \
            it is gone at once and for good, and its name is free; so is a secret that waits for its deletion.

              claviger secret delete db/password --days 7
              claviger secret delete db/password --now --yes
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @Option(help: ArgumentHelp("Days from now, 7 to 30 (default: 30).", valueName: "n"))
    var days: Int?

    @Flag(help: "Delete the secret at once: nothing brings it back.")
    var now = false

    @Flag(help: "Confirm --now.")
    var yes = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard 7...30 ~= days ?? 30 else { throw ValidationError("--days is 7 to 30.") }
        guard !now || days == nil else { throw ValidationError("Use either --days or --now.") }
        guard !now || yes else {
            throw ValidationError("--now deletes the secret for good, which --yes confirms.")
        }
        guard now || !yes else { throw ValidationError("--yes goes with --now.") }
    }

    func run() async throws {
        let response = try await connection.withSecrets { client in
            try await client.call(
                "DeleteSecret",
                [
                    ("SecretName", name),
                    now ? ("ForceDeleteWithoutRecovery", "true") : ("RecoveryWindowInDays", String(days ?? 30)),
                ])
        }
        try output.show(response) {
            let name = DisplayText.visible(name)
            guard !now else { return "\(name) is deleted\n" }
            let time = Table.moment(response["PlannedDeleteTime"]) ?? ""
            return "\(name) will be deleted on \(DisplayText.visible(time))\n"
        }
    }
}
