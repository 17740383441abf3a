import ArgumentParser
import ClavigerCrypto

/// `claviger key-pair`
struct GenerateKeyPair: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key-pair",
        abstract: "Make an SM2 key pair for using it yourself.",
        discussion: """
            Use the private key, keep the encrypted private key, and forget the private key: `claviger decrypt` brings \
            it back. The server keeps neither.

              claviger key-pair --key orders --private-out sm2.key --public-out sm2.pub --ciphertext-out sm2.key.enc
              claviger key-pair --key orders --recipient device.pem --private-out for-device --public-out sm2.pub

            With --recipient the private key leaves the server encrypted under the recipient's public key, in base64.
            """
    )

    @Option(help: "The id or alias of the symmetric key that encrypts the private key.")
    var key: String

    @Option(
        help: ArgumentHelp("A public key in PEM, RSA 2048 or SM2, that the private key is for.", valueName: "file"),
        completion: .file())
    var recipient: String?

    @Option(help: "How the private key is encrypted for the recipient (default: RSAES_OAEP_SHA_256 or SM2).")
    var algorithm: RecipientAlgorithm?

    @Option(
        help: ArgumentHelp("Where the private key goes; a new file is readable by you alone.", valueName: "file"),
        completion: .file())
    var privateOut: String?

    @Option(help: ArgumentHelp("Where the public key goes, in PEM.", valueName: "file"), completion: .file())
    var publicOut: String?

    @Option(
        help: ArgumentHelp("Where the encrypted private key goes, in base64.", valueName: "file"), completion: .file())
    var ciphertextOut: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard algorithm == nil || recipient != nil else { throw ValidationError("--algorithm needs --recipient.") }
        guard ![privateOut, publicOut, ciphertextOut].contains("-") else {
            throw ValidationError(
                "--private-out, --public-out and --ciphertext-out take files; without them all is shown.")
        }
    }

    func run() async throws {
        let recipient = try recipient.map { path throws(CommandFailure) in
            try KeyRecipient(file: path, algorithm)
        }
        let response = try await connection.withClient { client in
            let id = try await client.keyID(key)
            return try await client.call("GenerateAsymmetricKeyValuePair") { json in
                json.member("KeyId", id)
                json.member("KeySpec", "SM2")
                if let recipient {
                    json.name("EncryptionPublicKey")
                    json.string(recipient.publicKey.pem[...])
                    json.member("EncryptionAlgorithm", recipient.algorithm.rawValue)
                }
            }
        }
        try show(try write(response))
    }

    /// Writes what goes to files.
    ///
    /// - Returns: the rest.
    private func write(_ response: JSONValue) throws(CommandFailure) -> JSONValue {
        // The encrypted private key first: a key pair without it could never be had again.
        let files = [
            ("PrivateKeyCiphertextBlob", ciphertextOut), ("PublicKeyPlaintext", publicOut),
            ("PrivateKeyPlaintext", privateOut),
        ]
        var rest = response
        for case (let member, let path?) in files {
            guard case .string(let text) = response[member] else {
                throw CommandFailure("the server's answer holds no \(member)")
            }
            try Self.write(text, toPath: path, member == "PrivateKeyPlaintext" ? .secret : .noSecret)
            rest = rest.without(member)
        }
        return rest
    }

    /// Writes text with a newline at its end, without a further copy of it: it may be secret.
    private static func write(
        _ text: ArraySlice<UInt8>, toPath path: String, _ content: OutputFile.Content
    ) throws(CommandFailure) {
        let line = KeyMaterial(count: text.count + (text.last == UInt8(ascii: "\n") ? 0 : 1)) { bytes in
            bytes.copyBytes(from: text)
            bytes[bytes.count - 1] = UInt8(ascii: "\n")
        }
        try line.withUnsafeBytes { bytes throws(CommandFailure) in try OutputFile.write(bytes, toPath: path, content) }
    }

    private func show(_ response: JSONValue) throws(CommandFailure) {
        try output.show(response) {
            let privateKey = response["PrivateKeyPlaintext"]?.text
            let isEncrypted = recipient != nil
            let table = Table(properties: [
                "Key id": response["KeyId"]?.text,
                "Ciphertext": response["PrivateKeyCiphertextBlob"]?.text,
                "For recipient": isEncrypted ? privateKey : nil,
            ])
            let keys = [response["PublicKeyPlaintext"]?.text, isEncrypted ? nil : privateKey]
            return table.text + keys.compactMap { $0.map(DisplayText.visibleLines) }.joined()
        }
    }
}
