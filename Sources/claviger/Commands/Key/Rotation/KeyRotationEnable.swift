import ArgumentParser
import ClavigerCrypto

/// `claviger key rotation enable`
struct KeyRotationEnable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a key rotate by itself.",
        discussion: """
            The days count from now. A key that rotates already gets the new period.

              claviger key rotation enable orders --days 90
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @Option(help: ArgumentHelp("The period, 7 to 365.", valueName: "n"))
    var days = 365

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard 7...365 ~= days else { throw ValidationError("--days is 7 to 365.") }
    }

    func run() async throws {
        try await connection.withClient { client in
            let facts: KeyValuePairs<String, JSONValue?> = [
                "KeyRotationEnabled": .bool(true), "RotateDays": .integer(days),
            ]
            let result = try await client.change(key, by: "EnableKeyRotation", facts: facts) {
                $0.member("RotateDays", days)
            }
            try output.show(result.json) { "\(result.id) rotates every \(days) days\n" }
        }
    }
}
