import ArgumentParser

/// `claviger secret create`
struct SecretCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Keep a new secret.",
        discussion: """
            The value, 1 to 30720 bytes, is read from a file or from the standard input, byte by byte, or asked for \
            without showing it. It is text in UTF-8, unless --binary is given; bytes are kept in base64, so that there \
            can be 23040 of them.

              claviger secret create db/password --from password --description 'of orders' --tag env=prod
              printf %s "$TOKEN" | claviger secret create api/token
              claviger secret create tls/key --from key.der --binary --key orders

            --key takes a symmetric key of the region of secrets, which the server's setting alibaba.region names; \
            --region does not choose it. Without --key, secrets are encrypted with a key that the server makes for them.
            """
    )

    @Argument(help: "The new secret's name: 1 to 192 letters, digits and characters of _ / + = . @ -")
    var name: String

    @OptionGroup var value: SecretValueOptions

    @Option(
        help: ArgumentHelp(
            "The id, alias or ARN of the key that encrypts the values (default: one that the server makes).")
    )
    var key: EncryptionKeyName?

    @Option(help: "What the secret is for.")
    var description: String?

    @Option(name: .customLong("tag"), help: ArgumentHelp("A tag; may be repeated.", valueName: "name=value"))
    var tags: [KeyValue] = []

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let data = try value.read(for: name)
        let response = try await connection.withSecrets { client in
            try await client.call(
                "CreateSecret",
                [
                    ("SecretName", name), ("VersionId", value.version),
                    ("SecretDataType", value.type), ("EncryptionKeyId", key?.parameter), ("Description", description),
                    ("Tags", SecretParameter.tags(tags)),
                ],
                value: data)
        }
        try output.show(response) { Table(newVersion: response).text }
    }
}
