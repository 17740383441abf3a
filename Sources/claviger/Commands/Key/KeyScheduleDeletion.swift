import ArgumentParser
import ClavigerCrypto

/// `claviger key schedule-deletion`
struct KeyScheduleDeletion: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule-deletion",
        abstract: "Let a disabled key be deleted after some days.",
        discussion: """
            When the days are over the key is gone for good, and so is everything encrypted with it. Until then \
            `claviger key cancel-deletion` keeps it.

              claviger key disable orders
              claviger key schedule-deletion orders --days 30
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @Option(help: ArgumentHelp("Days from now, 7 to 30.", valueName: "n"))
    var days: Int

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard 7...30 ~= days else { throw ValidationError("--days is 7 to 30.") }
    }

    func run() async throws {
        try await connection.withClient { client in
            let id = try await client.keyID(key)
            let response = try await client.call("ScheduleKeyDeletion") { json in
                json.member("KeyId", id)
                json.member("PendingWindowInDays", days)
            }
            try output.show(response) {
                "\(id) will be deleted on \(LocalTime.text(seconds: response["DeletionDate"]?.integer ?? 0))\n"
            }
        }
    }
}
