import ArgumentParser

/// `claviger secret put`
struct SecretPut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Give a secret another value.",
        discussion: """
            The value becomes a version of its own, which is current at once; the one before it gets the label \
            ACSPrevious. With --label the new version has these labels alone, and the current one stays what it is. \
            A version keeps its value: the same id with another value is refused, with the same one nothing changes.

              claviger secret put db/password --from password
              claviger secret password | claviger secret put db/password --version-id 2 --label ACSPending
              claviger secret stage db/password ACSCurrent --move-to 2
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @OptionGroup var value: SecretValueOptions

    @Option(
        name: .customLong("label"),
        help: ArgumentHelp("A label of the new version (default: ACSCurrent); may be repeated.", valueName: "label"))
    var labels: [String] = []

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let data = try value.read(for: name)
        let response = try await connection.withSecrets { client in
            try await client.call(
                "PutSecretValue",
                [
                    ("SecretName", name), ("VersionId", value.version),
                    ("SecretDataType", value.type), ("VersionStages", SecretParameter.texts(labels)),
                ],
                value: data)
        }
        try output.show(response) { Table(newVersion: response).text }
    }
}
