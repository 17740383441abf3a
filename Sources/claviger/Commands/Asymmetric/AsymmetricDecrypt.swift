import ArgumentParser
import ClavigerCrypto

/// `claviger asymmetric decrypt`
struct AsymmetricDecrypt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decrypt",
        abstract: "Decrypt what was encrypted under the public half of a key.",
        discussion: """
            Writes the plaintext as it was, byte by byte; a terminal gets only text, unless --base64 is given.

              claviger asymmetric decrypt --key inbox --in token.enc --out token
              base64 token.bin | claviger asymmetric decrypt --key inbox --algorithm RSAES_OAEP_SHA_1
            """
    )

    @OptionGroup var asymmetric: AsymmetricOptions
    @OptionGroup var ciphertext: CiphertextOptions
    @OptionGroup var plaintext: PlaintextOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let text = try ciphertext.text()
        let response = try await connection.withClient { client in
            let (id, cipher) = try await asymmetric.resolve(client)
            let action: String
            let algorithm: RSAEncryptionAlgorithm?
            switch cipher {
            case .rsa(let named): (action, algorithm) = ("AsymmetricRsaDecrypt", named)
            case .sm2: (action, algorithm) = ("AsymmetricSm2Decrypt", nil)
            }
            return try await client.call(action) { json in
                json.member("KeyId", id)
                json.member("Ciphertext", text)
                if let algorithm { json.member("Algorithm", algorithm.rawValue) }
            }
        }
        try plaintext.write(response, output)
    }
}
