import ClavigerCrypto

/// For whom a new private key is encrypted, and how.
struct KeyRecipient {
    private static let largestFile = 1 << 14

    let publicKey: PublicKey
    let algorithm: RecipientAlgorithm

    /// - Parameters:
    ///   - file: a public key in PEM.
    ///   - algorithm: the key's usual one unless given.
    init(file: String, _ algorithm: RecipientAlgorithm?) throws(CommandFailure) {
        let contents = try InputFile.read(file, atMost: Self.largestFile, as: "a public key")
        let failure = CommandFailure("\(file) does not hold a public key in PEM, RSA 2048 or SM2")
        do throws(CryptoError) {
            publicKey = try PublicKey(pem: contents.withUnsafeBytes { Array($0) })
        } catch {
            throw failure
        }
        guard let usual = RecipientAlgorithm(usualFor: publicKey) else { throw failure }
        self.algorithm = algorithm ?? usual
        guard publicKey.algorithm.encryptionSchemes.contains(self.algorithm.scheme) else {
            throw CommandFailure("the public key in \(file) does not encrypt with \(self.algorithm.rawValue)")
        }
    }
}
