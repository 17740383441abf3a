extension SecretService {
    /// The value of a version: of the one with this id, or with this label; of the current one if neither is said.
    ///
    /// If the secret has a key that its maker has chosen, the caller also needs the right `kms:Decrypt`.
    ///
    /// - Parameters:
    ///   - version: the version's id.
    ///   - stage: a label that the version must have.
    /// - Throws: `.secretNotFound`, `.secretPendingDeletion`, `.secretVersionNotFound`; `.keyNotFound`, or what the key's state says.
    package func value(
        of name: SecretName, version id: String? = nil, stage: SecretStage? = nil, as caller: Caller
    ) async throws(KMSError) -> SecretValue {
        let found = try await store.secretWithValue(name, in: caller.scope) { secret in
            guard let id else { return secret.version(at: stage ?? .current) }
            guard let version = secret.version(id) else { return nil }
            return stage.map(version.stages.contains) ?? true ? version : nil
        }
        let secret = try requirePresence(of: found?.secret, named: name, to: caller)
        try secret.requireInUse()
        guard let version = found?.version else {
            throw KMSError(.secretVersionNotFound, "the secret \(name) has no such version")
        }
        let resident = try await keyForReading(secret, as: caller)
        guard let value = found?.value else {
            throw KMSError(.internalFailure, "the version \(version.id) of the secret \(name) has no value")
        }
        let plaintext = try kms.openSecretValue(value, of: secret.id, version: version.id, with: resident)
        return SecretValue(secret: secret, version: version, plaintext: plaintext)
    }

    /// The secret's key, if it decrypts now and the caller may use it.
    private func keyForReading(_ secret: Secret, as caller: Caller) async throws(KMSError) -> ResidentKey {
        guard secret.hasChosenKey else {
            let resident = try await kms.load(secret.encryptionKey)
            try kms.admitByState(.decrypt, on: resident, for: caller)
            return resident
        }
        let decrypting = caller.needing(.decrypt)
        let resident = try await kms.load(secret.encryptionKey, as: decrypting)
        try kms.admit(.decrypt, on: resident, as: decrypting)
        return resident
    }
}
