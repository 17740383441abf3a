import ArgumentParser
import ClavigerCrypto

/// `claviger key import-parameters`
struct KeyImportParameters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import-parameters",
        abstract: "Get what wraps key material elsewhere.",
        discussion: """
            For material on another machine, or in a device that wraps it: encrypt it to the public key, and import \
            the result together with the token. Both are good for a day, and only until they are asked for again, \
            which `claviger key import --material` does too.

              claviger key import-parameters backups --public-key-out import.pem --token-out import.token
              openssl pkeyutl -encrypt -pubin -inkey import.pem -in material -out wrapped \\
                -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256
              claviger key import backups --wrapped wrapped --token import.token
            """
    )

    @Argument(help: "The id or alias of a key that takes material from outside.")
    var key: String

    @Option(help: "How the material will be wrapped.")
    var algorithm = RSAEncryptionAlgorithm.oaepSHA256

    @Option(help: ArgumentHelp("Where the public key goes, in PEM.", valueName: "file"), completion: .file())
    var publicKeyOut: String?

    @Flag(help: "Write the public key in DER instead.")
    var der = false

    @Option(help: ArgumentHelp("Where the token goes, in base64.", valueName: "file"), completion: .file())
    var tokenOut: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard publicKeyOut != "-", tokenOut != "-" else {
            throw ValidationError("--public-key-out and --token-out take files; without them both are shown.")
        }
        guard !der || publicKeyOut != nil else { throw ValidationError("--der needs --public-key-out.") }
    }

    func run() async throws {
        var response = try await connection.withClient { client in
            try await client.importParameters(for: try await client.keyID(key), algorithm)
        }
        if let publicKeyOut {
            let publicKey = try PublicKey(of: response)
            try (der ? publicKey.spki : publicKey.pem).withBytes { bytes throws(CommandFailure) in
                try OutputFile.write(bytes, toPath: publicKeyOut)
            }
            response = response.without("PublicKey")
        }
        if let tokenOut {
            try OutputFile.write((response["ImportToken"]?.text ?? "") + "\n", toPath: tokenOut, .secret)
            response = response.without("ImportToken")
        }
        try output.show(response) {
            Table(properties: [
                "Key id": response["KeyId"]?.text,
                "Algorithm": algorithm.rawValue,
                "Valid to": response["ParametersValidTo"]?.integer.map(LocalTime.text(seconds:)),
                "Public key": response["PublicKey"]?.text,
                "Token": response["ImportToken"]?.text,
            ]).text
        }
    }
}
