import ArgumentParser
import ClavigerCrypto

/// `claviger secret stage`
struct SecretStage: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stage",
        abstract: "Move a label to another version of a secret, or take it away.",
        discussion: """
            A label, the API's stage, marks one version at most. When ACSCurrent moves, the version that loses it gets \
            ACSPrevious. These two can be moved, but not taken away.

              claviger secret stage db/password ACSCurrent --move-to 2
              claviger secret stage db/password ACSPending --move-to 3 --remove-from 2
              claviger secret stage db/password ACSPending --remove-from 3
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @Argument(help: "The label.")
    var label: String

    @Option(help: ArgumentHelp("The id of the version that gets the label.", valueName: "id"))
    var moveTo: String?

    @Option(help: ArgumentHelp("The id of the version that has the label and loses it.", valueName: "id"))
    var removeFrom: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard moveTo != nil || removeFrom != nil else {
            throw ValidationError("Use --move-to, --remove-from or both.")
        }
    }

    func run() async throws {
        let response = try await connection.withSecrets { client in
            try await client.call(
                "UpdateSecretVersionStage",
                [
                    ("SecretName", name), ("VersionStage", label), ("MoveToVersion", moveTo),
                    ("RemoveFromVersion", removeFrom),
                ])
        }
        try output.show(response) {
            let version = moveTo.map { "version \($0)" } ?? "no version"
            return DisplayText.visible("\(version) of \(name) has the label \(label)") + "\n"
        }
    }
}
