import ArgumentParser
import ClavigerCrypto

/// `claviger secret get`
struct SecretGet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Get the value of a secret.",
        discussion: """
            Writes the value as it was given, byte by byte; a terminal gets only text, and a line feed at its end. \
            Without --version-id and --label it is the current version's.

              PGPASSWORD=$(claviger secret get db/password) psql
              claviger secret get tls/key --out key.der
              claviger secret get db/password --label ACSPrevious
              claviger secret get db/password --format json
            """
    )

    @Argument(help: "The secret's name or ARN.")
    var name: String

    @Option(help: ArgumentHelp("The id of the version.", valueName: "id"))
    var versionId: String?

    @Option(help: "The label of the version; with --version-id, one that this version must have.")
    var label: String?

    @Option(
        name: .customLong("out"),
        help: ArgumentHelp("Where the value goes; the file is readable by you alone.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @Flag(help: "Write a binary value in base64, as it is kept.")
    var asStored = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withSecrets { client in
            try await client.call(
                "GetSecretValue", [("SecretName", name), ("VersionId", versionId), ("VersionStage", label)])
        }
        guard outputFile != nil || output.format == .table else { return try output.show(response) { "" } }
        try OutputFile.write(
            plaintext: try KeyMaterial(secretOf: response, asStored ? .stored : .given), toPath: outputFile,
            as: "value", hint: "--out FILE writes it to a file; --as-stored writes binary values as text")
        guard let outputFile, outputFile != "-" else { return }
        try output.show(response.without("SecretData")) { "" }
    }
}
