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

    /// Makes the private key of an asymmetric key version ready for use.
    func activatePrivateKey(_ version: KeyVersion, of key: Key) throws(KMSError) -> any ActivePrivateKey

    /// Unwraps material from outside and wraps it for the key's one version, ``Key/externalVersion``.
    ///
    /// - Parameter digestKey: what the material's digest is keyed by.
    /// - Throws: `.invalidWrappedMaterial` if it cannot be unwrapped, `.wrongMaterialSize` if it has not the size that the key's spec demands.
    ///   With an algorithm that is not ``WrappingAlgorithm/isAuthenticating`` both are `.invalidWrappedMaterial`, and nothing tells which.
    func importMaterial(
        _ encrypted: [UInt8], with parameters: ImportParameters, into key: Key, digestKey: KeyMaterial
    ) throws(KMSError) -> ReceivedMaterial

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

/// Material from outside, as it will rest.
package struct ReceivedMaterial: Sendable {
    package let wrapped: [UInt8]

    /// HMAC-SHA-256 over the key's id and the material.
    package let digest: [UInt8]

    package init(wrapped: [UInt8], digest: [UInt8]) {
        self.wrapped = wrapped
        self.digest = digest
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

/// The private key of one version of an asymmetric key. Its operations compute for up to milliseconds.
package protocol ActivePrivateKey: Sendable {
    /// The public half: computed from the private one or kept beside it under the root key's protection, so that nobody who writes to the store
    /// can put another in its place.
    var publicKey: PublicKey { get }

    /// Signs a digest of the size that the scheme wants.
    ///
    /// - Throws: `.invalidParameter` if the scheme does not belong to the key, or the digest has another size.
    func sign(
        _ digest: [UInt8], _ scheme: SignatureScheme, encoding: SignatureEncoding
    ) throws(KMSError) -> [UInt8]

    /// Decrypts what was encrypted under the public key.
    ///
    /// - Throws: `.decryptionFailed`, whatever was wrong with the ciphertext.
    func decrypt(_ ciphertext: [UInt8], _ scheme: AsymmetricEncryptionScheme) throws(KMSError) -> KeyMaterial
}
