import ArgumentParser
import ClavigerCrypto

/// `claviger data-key`
struct GenerateDataKey: AsyncParsableCommand {
    enum Spec: String, CaseIterable, ExpressibleByArgument {
        case aes256 = "AES_256"
        case aes128 = "AES_128"
    }

    static let configuration = CommandConfiguration(
        commandName: "data-key",
        abstract: "Make a key for encrypting data yourself.",
        discussion: """
            Encrypt the data with the plaintext key, keep the encrypted key beside the data, and forget the plaintext \
            key: `claviger decrypt` brings it back.

              claviger data-key --key orders
              claviger data-key --key orders --bytes 64 --plaintext-out key --ciphertext-out key.enc
            """
    )

    @Option(help: "The id or alias of the key that encrypts the data key.")
    var key: String

    @Option(help: "The data key's kind (default: AES_256).")
    var spec: Spec?

    @Option(help: ArgumentHelp("The data key's size instead of its kind, 1 to 1024.", valueName: "n"))
    var bytes: Int?

    @OptionGroup var context: ContextOptions

    @Option(
        help: ArgumentHelp(
            "Where the bytes of the data key go; a new file is readable by you alone.", valueName: "file"),
        completion: .file())
    var plaintextOut: String?

    @Option(help: ArgumentHelp("Where the encrypted data key goes, in base64.", valueName: "file"), completion: .file())
    var ciphertextOut: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard spec == nil || bytes == nil else { throw ValidationError("Use either --spec or --bytes.") }
        if let bytes, !(1...1024 ~= bytes) { throw ValidationError("--bytes is 1 to 1024.") }
        guard plaintextOut != "-", ciphertextOut != "-" else {
            throw ValidationError("--plaintext-out and --ciphertext-out take files; without them both keys are shown.")
        }
    }

    func run() async throws {
        let context = try context.text()
        var response = try await connection.withClient { client in
            let id = try await client.keyID(key)
            return try await client.call("GenerateDataKey") { json in
                json.member("KeyId", id)
                if let bytes {
                    json.member("NumberOfBytes", bytes)
                } else {
                    json.member("KeySpec", (spec ?? .aes256).rawValue)
                }
                if let context { json.member("EncryptionContext", context) }
            }
        }
        // The encrypted key first: a data key without it could never be had again.
        if let ciphertextOut {
            try OutputFile.write((response["CiphertextBlob"]?.text ?? "") + "\n", toPath: ciphertextOut)
            response = response.without("CiphertextBlob")
        }
        if let plaintextOut {
            try KeyMaterial(plaintextOf: response).withUnsafeBytes { bytes throws(CommandFailure) in
                try OutputFile.write(bytes, toPath: plaintextOut, .secret)
            }
            response = response.without("Plaintext")
        }
        try output.show(response) {
            Table(properties: [
                "Key id": response["KeyId"]?.text,
                "Plaintext": response["Plaintext"]?.text,
                "Ciphertext": response["CiphertextBlob"]?.text,
            ]).text
        }
    }
}
