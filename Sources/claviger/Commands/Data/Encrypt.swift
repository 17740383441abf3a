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

    @OptionGroup var input: InputOptions
    @OptionGroup var context: ContextOptions

    @Option(
        name: .customLong("out"), help: ArgumentHelp("Where the ciphertext goes.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let plaintext = try input.read(atMost: Self.largestPlaintext, as: "plaintext", to: "encrypt")
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
}
