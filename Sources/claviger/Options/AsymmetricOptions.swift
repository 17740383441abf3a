import ArgumentParser
import ClavigerCrypto

/// The key and the algorithm of what is encrypted under a public key.
struct AsymmetricOptions: ParsableArguments {
    /// What a key encrypts with.
    enum Cipher: Hashable, Sendable {
        case rsa(RSAEncryptionAlgorithm)
        case sm2
    }

    @Option(help: "The key's id or alias.")
    var key: String

    @Option(help: "How an RSA key encrypts (default: RSAES_OAEP_SHA_256).")
    var algorithm: RSAEncryptionAlgorithm?

    /// The key's id, and what it encrypts with.
    func resolve(_ client: KMSClient) async throws(CommandFailure) -> (id: String, cipher: Cipher) {
        let metadata = try await client.metadata(of: key)
        guard let id = metadata["KeyId"]?.text else { throw CommandFailure("the server's answer holds no key") }
        return (id, try cipher(ofUsage: metadata["KeyUsage"]?.text ?? ""))
    }

    func cipher(ofUsage usage: String) throws(CommandFailure) -> Cipher {
        switch KeyUsageName(rawValue: usage) {
        case .decryptRSA2048:
            return .rsa(algorithm ?? .oaepSHA256)
        case .decryptSM2:
            guard algorithm == nil else {
                throw CommandFailure("--algorithm is for RSA keys; key \(key) is an SM2 key")
            }
            return .sm2
        case .encryptDecrypt:
            throw CommandFailure(
                "key \(key) is a symmetric key",
                hint: "`claviger encrypt` and `claviger decrypt` are for symmetric keys")
        case .signSM2, .signRSA2048, .signECC, nil:
            throw CommandFailure(
                "key \(key) is for \(usage), not for encryption",
                hint: "`claviger key create ALIAS --usage ASYMMETRIC_DECRYPT_SM2` makes a key for it")
        }
    }
}
