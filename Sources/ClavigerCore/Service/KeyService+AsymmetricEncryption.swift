package import ClavigerCrypto

extension KeyService {
    /// The public key of an asymmetric key.
    package func publicKey(
        of resident: ResidentKey, version: KeyVersionID? = nil, as caller: Caller
    ) throws(KMSError) -> PublicKey {
        try admit(.getPublicKey, on: resident, as: caller)
        return try resident.pair(version).publicKey
    }

    /// The public key of a version, whatever state the key is in.
    ///
    /// - Throws: `.keyVersionNotFound`.
    package func publicKeyInAnyState(
        of resident: ResidentKey, version: KeyVersionID, as caller: Caller
    ) async throws(KMSError) -> PublicKey {
        try requireRight(to: resident, as: caller)
        try requireVersion(version, of: resident, as: caller)
        try resident.key.requireFit(for: .getPublicKey)
        if let pair = resident.pairs[version] { return pair.publicKey }
        // The state keeps the private half away, which alone vouches for the public one; so it comes for this one look.
        guard let found = try await store.versions(of: resident.key.id).first(where: { $0.id == version }) else {
            throw KMSError(.keyVersionNotFound, "key \(resident.key.id) has no version \(version)")
        }
        return try await pools.privateKeys.run { [backend] () throws(KMSError) in
            try backend.activatePrivateKey(found, of: resident.key).publicKey
        }
    }

    /// Encrypts under the public key.
    ///
    /// - Parameter plaintext: called once the key admits the operation.
    /// - Throws: `.invalidKeyUsage` if the scheme does not belong to the key, `.invalidPlaintext` if it cannot take that much.
    package func asymmetricEncrypt(
        under resident: ResidentKey, version: KeyVersionID? = nil, _ scheme: AsymmetricEncryptionScheme,
        as caller: Caller, _ plaintext: () throws(KMSError) -> KeyMaterial
    ) throws(KMSError) -> [UInt8] {
        try admit(.asymmetricEncrypt, on: resident, as: caller)
        let pair = try resident.pair(version)
        try Self.require(scheme, fits: pair.publicKey, of: resident.key)
        let plaintext = try plaintext()
        do throws(CryptoError) {
            return try pair.publicKey.encrypt(plaintext, scheme)
        } catch .malformed {
            throw KMSError(.invalidPlaintext, "the plaintext is too long for this key and algorithm")
        } catch {
            throw KMSError(.backendFailed, "encryption failed", cause: error)
        }
    }

    /// Decrypts with the private key; computes for up to milliseconds.
    ///
    /// - Parameter request: called once the key admits the operation.
    /// - Throws: `.invalidKeyUsage` if the scheme does not belong to the key, `.decryptionFailed`.
    package func asymmetricDecrypt(
        with resident: ResidentKey, version: KeyVersionID? = nil, as caller: Caller,
        _ request: () throws(KMSError) -> (ciphertext: [UInt8], scheme: AsymmetricEncryptionScheme)
    ) throws(KMSError) -> KeyMaterial {
        try admit(.asymmetricDecrypt, on: resident, as: caller)
        let pair = try resident.pair(version)
        let (ciphertext, scheme) = try request()
        try Self.require(scheme, fits: pair.publicKey, of: resident.key)
        return try pair.decrypt(ciphertext, scheme)
    }

    private static func require(
        _ scheme: AsymmetricEncryptionScheme, fits publicKey: PublicKey, of key: Key
    ) throws(KMSError) {
        guard publicKey.algorithm.encryptionSchemes.contains(scheme) else {
            throw KMSError(
                .invalidKeyUsage, "the algorithm is not one of key \(key.id), which is of the spec \(key.spec.rawValue)"
            )
        }
    }
}
