import ArgumentParser
import ClavigerCrypto

/// `claviger decrypt`
struct Decrypt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Decrypt what was encrypted with a key.",
        discussion: """
            The ciphertext names its key. Writes the plaintext as it was, byte by byte; a terminal gets only text, \
            unless --base64 is given.

              claviger decrypt --in hello.enc
              claviger decrypt --in token.enc --context tenant=7 --out token
            """
    )

    @OptionGroup var ciphertext: CiphertextOptions
    @OptionGroup var context: ContextOptions

    @OptionGroup var plaintext: PlaintextOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let text = try ciphertext.text()
        let context = try context.text()
        let response = try await connection.withClient { client in
            try await client.call("Decrypt") { json in
                json.member("CiphertextBlob", text)
                if let context { json.member("EncryptionContext", context) }
            }
        }
        try plaintext.write(response, output)
    }
}
