import ClavigerCrypto

/// What the owner of a key needs for importing material into it.
package struct ImportInvitation: Sendable {
    /// Proof of the invitation, 32 random bytes.
    package let token: [UInt8]

    /// The wrapping key: `SubjectPublicKeyInfo`, DER.
    package let publicKey: [UInt8]
    package let expiry: Timestamp
}

extension KeyService {
    /// Makes a wrapping key pair for importing material into an external key within a day.
    ///
    /// - Parameter supersedesEarlier: whether earlier invitations for the key become invalid.
    /// - Throws: `.notExternalKey`.
    package func prepareImport(
        into id: KeyID, by algorithm: WrappingAlgorithm, supersedesEarlier: Bool, gate: StateGate = .none,
        as caller: Caller
    ) async throws(KMSError) -> ImportInvitation {
        let key = try await admittedKey(id, for: .prepareImport, as: caller)
        try gate.admit(key.current(at: clock.now))
        let token = random.bytes(32)
        let digest = Self.tokenDigest(token)
        let identity = ImportParameters.wrappingIdentity(
            scope: key.scope, key: id, algorithm: algorithm, tokenDigest: digest)
        let pair = try await generateMaterial(for: algorithm.keySpec, identity: identity)
        guard let publicKey = pair.publicKey else {
            throw KMSError(.internalFailure, "the wrapping key has no public half")
        }
        let parameters = ImportParameters(
            tokenDigest: digest, key: id, algorithm: algorithm, wrappedPrivateKey: pair.wrapped,
            expiry: clock.now + ImportParameters.lifetime)
        try await change([id], .prepareImport, as: caller) { key throws(KMSError) in
            try gate.admit(key)
            return [.addImportParameters(parameters, supersedesEarlier: supersedesEarlier)]
        }
        return ImportInvitation(token: token, publicKey: publicKey, expiry: parameters.expiry)
    }

    /// Imports material that was wrapped by an invitation's public key.
    ///
    /// The first material is the key's for ever: later only the same one can be imported again, which also sets a new `expiry`.
    ///
    /// - Parameters:
    ///   - gate: a dialect's own demand on the key's state.
    ///   - encrypted: gives the wrapped material once the key admits the operation.
    ///   - expiry: when the material shall be gone; `nil` means never.
    /// - Throws: `.notExternalKey`, `.importTokenExpired` for every token that is not (or no longer) one of this key,
    ///   `.invalidWrappedMaterial`, `.wrongMaterialSize`, `.materialMismatch`. The key is then as it was.
    package func importMaterial(
        into id: KeyID, token: [UInt8], expiry: Timestamp?, gate: StateGate = .none, as caller: Caller,
        _ encrypted: () throws(KMSError) -> [UInt8]
    ) async throws(KMSError) {
        let key = try await admittedKey(id, for: .importMaterial, as: caller)
        try gate.admit(key.current(at: clock.now))
        let now = clock.now
        if let expiry, expiry <= now {
            throw KMSError(.invalidParameterValue, "material cannot expire before it is imported")
        }
        let encrypted = try encrypted()
        let digest = Self.tokenDigest(token)
        guard
            let parameters = try await store.importParameters(digest), parameters.key == id, parameters.expiry > now,
            failedImports.begin(with: parameters)
        else {
            throw KMSError(.importTokenExpired, "the import token has expired, was superseded, or is not of this key")
        }
        let received = try await unwrap(encrypted, with: parameters, into: key)
        let version = KeyVersion(
            id: key.externalVersion, key: id, ordinal: 1, wrappedMaterial: received.wrapped, publicKey: nil,
            createdAt: now)
        try await change([id], .importMaterial, as: caller) { key throws(KMSError) in
            try gate.admit(key)
            try key.importMaterial(digest: received.digest, expiry: expiry)
            return [.addVersion(version)]
        }
    }

    private func unwrap(
        _ encrypted: [UInt8], with parameters: ImportParameters, into key: Key
    ) async throws(KMSError) -> ReceivedMaterial {
        do throws(KMSError) {
            let received = try await pools.privateKeys.run { [backend, materialDigestKey] () throws(KMSError) in
                try backend.importMaterial(encrypted, with: parameters, into: key, digestKey: materialDigestKey)
            }
            failedImports.succeed(with: parameters)
            return received
        } catch {
            if ![.invalidWrappedMaterial, .wrongMaterialSize].contains(error.code) {
                failedImports.succeed(with: parameters)
            }
            throw error
        }
    }

    /// Deletes the material; the key waits for the same material again.
    ///
    /// - Throws: `.notExternalKey`, `.keyInUse`.
    package func deleteImportedMaterial(
        of id: KeyID, gate: StateGate = .none, as caller: Caller
    ) async throws(KMSError) {
        try await change([id], .deleteImportedMaterial, as: caller) { key throws(KMSError) in
            try gate.admit(key)
            try key.deleteImportedMaterial()
            return [.removeVersions]
        }
    }

    private static func tokenDigest(_ token: [UInt8]) -> [UInt8] {
        token.withUnsafeBytes { SHA256Hasher.hash($0).bytes }
    }
}
