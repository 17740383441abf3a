package import ClavigerCrypto

/// A fresh SM2 key pair for the caller, its private half in two forms. Nothing of it is stored.
package struct GeneratedKeyPair: Sendable {
    /// The private key that only the caller can read: PKCS#8 in PEM, or that PEM encrypted under the public key that the caller gave.
    package let privateKey: KeyMaterial

    /// PKCS#8 in PEM, encrypted under the customer master key.
    package let ciphertext: [UInt8]
    package let publicKey: PublicKey
}

extension KeyService {
    /// Makes an SM2 key pair for the caller; computes for milliseconds.
    ///
    /// - Parameter recipient: under which public key, and how, the private key is encrypted for the caller; called once the key admits the
    ///   operation, `nil` for a private key in the clear.
    /// - Throws: `.invalidParameter` if the recipient's key cannot take the private key.
    package func generateKeyPair(
        under resident: ResidentKey, as caller: Caller,
        for recipient: () throws(KMSError) -> (key: PublicKey, scheme: AsymmetricEncryptionScheme)?
    ) throws(KMSError) -> GeneratedKeyPair {
        try admit(.generateKeyPair, on: resident, as: caller)
        let recipient = try recipient()
        let pem: KeyMaterial
        let publicKey: PublicKey
        do throws(CryptoError) {
            let pair = try AsymmetricKeyPair.generate(.sm2)
            pem = try AsymmetricKeyPair.compactSM2PrivateKeyPEM(pair.privateKey)
            publicKey = try PublicKey(spki: pair.publicKey)
        } catch {
            throw KMSError(.backendFailed, "a key pair could not be made", cause: error)
        }
        let ciphertext = try seal(pem, under: resident, purpose: .privateKey, context: .empty)
        var privateKey = pem
        if let recipient {
            do throws(CryptoError) {
                privateKey = KeyMaterial(try recipient.key.encrypt(pem, recipient.scheme))
            } catch {
                throw KMSError(
                    .invalidParameter, "the private key cannot be encrypted under this key by this algorithm")
            }
        }
        return GeneratedKeyPair(privateKey: privateKey, ciphertext: ciphertext, publicKey: publicKey)
    }
}
