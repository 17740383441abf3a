package import ClavigerCrypto

/// A data key that only its recipient can read, and the same encrypted under a customer master key.
package struct ExportedDataKey: Sendable {
    /// Encrypted under the recipient's public key.
    package let exported: [UInt8]

    /// Encrypted under the customer master key.
    package let ciphertext: [UInt8]
}

/// Somebody's public key, and how data keys are encrypted for him.
package struct DataKeyRecipient: Sendable {
    package let publicKey: PublicKey
    package let scheme: AsymmetricEncryptionScheme

    package init(publicKey: PublicKey, scheme: AsymmetricEncryptionScheme) {
        self.publicKey = publicKey
        self.scheme = scheme
    }
}

extension KeyService {
    /// Decrypts a data key and encrypts it for somebody else, without the plaintext leaving the service; may compute for a millisecond.
    ///
    /// - Throws: as ``decrypt(_:with:context:as:)``; `.invalidParameter` if the recipient's key cannot take so much.
    package func exportDataKey(
        _ ciphertext: Ciphertext, with resident: ResidentKey, context: EncryptionContext,
        to recipient: DataKeyRecipient, as caller: Caller
    ) throws(KMSError) -> [UInt8] {
        try export(try decrypt(ciphertext, with: resident, context: context, as: caller), to: recipient)
    }

    /// Makes a data key of `count` bytes, 1 to 1,024, that only the recipient can read; may compute for a millisecond.
    ///
    /// - Throws: `.invalidParameter` if the recipient's key cannot take so much.
    package func generateDataKey(
        _ count: Int, under resident: ResidentKey, context: EncryptionContext, for recipient: DataKeyRecipient,
        as caller: Caller
    ) throws(KMSError) -> ExportedDataKey {
        let key = try generateDataKey(count, under: resident, context: context, as: caller)
        return ExportedDataKey(exported: try export(key.plaintext, to: recipient), ciphertext: key.ciphertext)
    }

    private func export(_ plaintext: KeyMaterial, to recipient: DataKeyRecipient) throws(KMSError) -> [UInt8] {
        do throws(CryptoError) {
            return try recipient.publicKey.encrypt(plaintext, recipient.scheme)
        } catch {
            throw KMSError(
                .invalidParameter, "the data key cannot be encrypted under this public key by this algorithm")
        }
    }
}
