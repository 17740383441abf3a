import ArgumentParser
import ClavigerCrypto

/// `claviger key public-key`
struct KeyPublicKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "public-key",
        abstract: "Get the public half of an asymmetric key.",
        discussion: """
            In PEM, or with --der as a SubjectPublicKeyInfo in DER.

              claviger key public-key tokens > tokens.pem
              claviger key public-key tokens --der --out tokens.der
            """
    )

    @Argument(help: "The key's id or alias.")
    var key: String

    @Option(
        name: .customLong("out"), help: ArgumentHelp("Where the public key goes.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @Flag(help: "Write DER instead of PEM.")
    var der = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let response = try await connection.withClient { client in
            let id = try await client.keyID(key)
            return try await client.call("GetPublicKey") { $0.member("KeyId", id) }
        }
        guard outputFile != nil || output.format == .table else { return try output.show(response) { "" } }
        try write(response)
        guard let outputFile, outputFile != "-" else { return }
        try output.show(response.without("PublicKey").without("PublicKeyPem")) { "" }
    }

    private func write(_ response: JSONValue) throws(CommandFailure) {
        let publicKey = try PublicKey(of: response)
        if der {
            guard outputFile != nil || !StandardOutput.isTerminal else {
                throw CommandFailure(
                    "DER is no text, which a terminal could show", hint: "--out FILE writes it to a file")
            }
            try publicKey.spki.withBytes { bytes throws(CommandFailure) in
                try OutputFile.write(bytes, toPath: outputFile ?? "-")
            }
        } else {
            try publicKey.pem.withBytes { bytes throws(CommandFailure) in
                try OutputFile.write(bytes, toPath: outputFile ?? "-")
            }
        }
    }
}
