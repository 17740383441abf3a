import ArgumentParser
import ClavigerCrypto

/// `claviger asymmetric encrypt`
struct AsymmetricEncrypt: AsyncParsableCommand {
    private static let largestPlaintext = 1024

    static let configuration = CommandConfiguration(
        commandName: "encrypt",
        abstract: "Encrypt a short text under the public half of a key.",
        discussion: """
            Up to 1024 bytes for an SM2 key; for an RSA key up to 190 (214 with RSAES_OAEP_SHA_1, 245 with \
            RSAES_PKCS1_V1_5), and the plaintext does not leave this machine. Prints the ciphertext in base64.

              claviger asymmetric encrypt --key inbox --in token --out token.enc
            """
    )

    @OptionGroup var asymmetric: AsymmetricOptions
    @OptionGroup var input: InputOptions

    @Option(
        name: .customLong("out"), help: ArgumentHelp("Where the ciphertext goes.", valueName: "file"),
        completion: .file())
    var outputFile: String?

    @OptionGroup var output: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    func run() async throws {
        let plaintext = try input.read(atMost: Self.largestPlaintext, as: "plaintext", to: "encrypt")
        let response = try await connection.withClient { client in
            let (id, cipher) = try await asymmetric.resolve(client)
            switch cipher {
            case .rsa(let algorithm):
                let answer = try await client.call("GetPublicKey") { $0.member("KeyId", id) }
                let ciphertext = try Self.encrypt(plaintext, under: try PublicKey(of: answer), algorithm)
                return JSONValue.members([
                    "KeyId": .text(id), "Algorithm": .text(algorithm.rawValue),
                    "Ciphertext": .text(Base64.string(ciphertext)),
                ])
            case .sm2:
                return try await client.call("AsymmetricSm2Encrypt") { json in
                    json.member("KeyId", id)
                    json.name("Plaintext")
                    plaintext.withUnsafeBytes { json.base64($0) }
                }
            }
        }
        try output.show(response, ciphertextTo: outputFile, member: "Ciphertext")
    }

    static func encrypt(_ plaintext: KeyMaterial, under publicKey: PublicKey, _ algorithm: RSAEncryptionAlgorithm)
        throws(CommandFailure) -> [UInt8]
    {
        let longest = algorithm.longestPlaintext(modulusSize: publicKey.algorithm.size)
        guard plaintext.count <= longest else {
            throw CommandFailure(
                "the plaintext has \(plaintext.count) bytes; "
                    + "\(algorithm.rawValue) takes up to \(longest) under this key",
                hint: "larger data are encrypted with a data key, and the data key is short enough")
        }
        do throws(CryptoError) {
            return try publicKey.encrypt(plaintext, algorithm.scheme)
        } catch {
            throw CommandFailure("the server's public key does not encrypt with \(algorithm.rawValue)")
        }
    }
}
