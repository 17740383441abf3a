import ArgumentParser
import ClavigerCrypto

/// `claviger encrypt`
struct Encrypt: AsyncParsableCommand {
    private static let largestPlaintext = 4096

    static let configuration = CommandConfiguration(
        abstract: "Encrypt up to 4096 bytes with a key.",
        discussion: """
            Reads the standard input unless --in or --text is given, and prints the ciphertext in base64. For larger \
            data take a data key: `claviger data-key`.

              claviger encrypt --key orders --text 'hello' > hello.enc
              claviger encrypt --key orders --in token --context tenant=7 --out token.enc
            """
    )

    @Option(help: "The key's id or alias.")
    var key: String

    @Option(
        name: .customLong("in"), help: ArgumentHelp("The plaintext; - is the standard input.", valueName: "file"),
        completion: .file())
    var input: String?

    @Option(help: "The plaintext itself. Others on this machine can read it in the list of processes: not for secrets.")
    var text: String?

    @OptionGroup var context: ContextOptions

    @Option(
        name: .customLong("out"), help: ArgumentHelp("Where the ciphertext goes.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard input == nil || text == nil else { throw ValidationError("Use either --in or --text.") }
    }

    func run() async throws {
        let plaintext = try plaintext()
        let context = try context.text()
        let response = try await connection.withClient { client in
            let id = try await client.keyID(key)
            return try await client.call("Encrypt") { json in
                json.member("KeyId", id)
                json.name("Plaintext")
                plaintext.withUnsafeBytes { json.base64($0) }
                if let context { json.member("EncryptionContext", context) }
            }
        }
        try output.show(response, ciphertextTo: outputFile)
    }

    private func plaintext() throws(CommandFailure) -> KeyMaterial {
        let plaintext: KeyMaterial
        if let text {
            plaintext = KeyMaterial(text.utf8)
        } else {
            plaintext = try InputFile.read(input ?? "-", atMost: Self.largestPlaintext, as: "a plaintext")
        }
        guard plaintext.count > 0 else { throw CommandFailure("there is nothing to encrypt: the plaintext is empty") }
        guard plaintext.count <= Self.largestPlaintext else {
            throw CommandFailure("the text has more than the \(Self.largestPlaintext) bytes of a plaintext")
        }
        return plaintext
    }
}
