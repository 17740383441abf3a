package import ClavigerCrypto

/// Where key material lives and cryptography runs: what the vendors' documents call the HSA. Nothing else ever holds plaintext key
/// material. Every implementation passes `CryptoBackendContract`.
///
/// A sealed backend answers `.sealed` to everything.
package protocol CryptoBackend: Sendable {
    var isSealed: Bool { get }

    /// Makes new material for a key version. RSA takes some tens of milliseconds; call it where blocking does no harm.
    func generateMaterial(for spec: KeySpec, identity: RowIdentity) throws(KMSError) -> GeneratedMaterial

    /// Makes a symmetric key version ready for use.
    func activate(_ version: KeyVersion, of key: Key) throws(KMSError) -> any ActiveKeyVersion

    /// Encrypts a secret of the server's own (not a caller's key) for the row that will hold it.
    func wrap(_ secret: KeyMaterial, identity: RowIdentity) throws(KMSError) -> [UInt8]

    /// Decrypts what ``wrap(_:identity:)`` made for the same row.
    func unwrap(_ wrapped: [UInt8], identity: RowIdentity) throws(KMSError) -> KeyMaterial
}

/// New material, wrapped.
package struct GeneratedMaterial: Sendable {
    package let wrapped: [UInt8]

    /// `SubjectPublicKeyInfo`, DER; `nil` for symmetric material.
    package let publicKey: [UInt8]?

    package init(wrapped: [UInt8], publicKey: [UInt8]?) {
        self.wrapped = wrapped
        self.publicKey = publicKey
    }
}

/// One version of a symmetric key whose material is at hand, so that using it waits for nothing.
package protocol ActiveKeyVersion: Sendable {
    /// Encrypts up to a few kilobytes.
    func encrypt(
        _ plaintext: KeyMaterial, purpose: Ciphertext.Purpose, context: EncryptionContext, at moment: Timestamp
    ) throws(KMSError) -> [UInt8]

    /// Decrypts; any fault of the ciphertext or the context is `.invalidCiphertext`.
    func decrypt(_ ciphertext: Ciphertext, context: EncryptionContext) throws(KMSError) -> KeyMaterial
}
