package import ClavigerCrypto

extension SecretService {
    /// Gives the secret another version with its value, and the version its labels.
    ///
    /// A version that is there already with this value stays as it is, so that a client may repeat the call.
    ///
    /// - Returns: the version as it is now.
    /// - Throws: `.secretNotFound`, `.secretPendingDeletion`, `.secretVersionExists` if the version has another value, `.tooManyStages`;
    ///   `.keyNotFound`, or what the key's state says.
    package func putValue(
        _ value: KeyMaterial, form: SecretVersion.Form, version id: String, stages: [SecretStage], of name: SecretName,
        as caller: Caller
    ) async throws(KMSError) -> SecretVersion {
        try kms.requireUnsealed()
        for _ in 0..<Self.mostAttempts {
            let found = try await store.secretWithValue(name, in: caller.scope) { $0.version(id) }
            let secret = try requirePresence(of: found?.secret, named: name, to: caller)
            try secret.requireInUse()
            let resident = try await kms.load(secret.encryptionKey)
            try kms.admitByState(.generateDataKey, on: resident, for: caller)
            if let version = found?.version {
                try requireSameValue(value, of: version, found?.value, secret, resident)
                return version
            }
            let sealed = try kms.sealSecretValue(value, of: secret.id, version: id, under: resident)
            if let version = try await add(id, form, stages, sealed, to: secret, as: caller) { return version }
        }
        throw KMSError(.throttled, "the secret \(name) changes too often at the same time")
    }

    /// - Returns: `nil` if another call was faster, so that the secret has the version now, or is another one of the same name.
    private func add(
        _ id: String, _ form: SecretVersion.Form, _ stages: [SecretStage], _ value: SealedSecretValue,
        to secret: Secret, as caller: Caller
    ) async throws(KMSError) -> SecretVersion? {
        let overtaken = KMSError(.secretVersionExists, "the secret \(secret.name) has changed in the meantime")
        do throws(KMSError) {
            let changed = try await change(secret.name, as: caller) {
                [id = secret.id, versionID = id] secret, now throws(KMSError) in
                // The value is sealed for the secret that was read.
                guard secret.id == id else { throw overtaken }
                try secret.addVersion(
                    SecretVersion(id: versionID, form: form, createdAt: now, stages: stages), at: now)
                return [.addValue(value, version: versionID)]
            }
            return changed.version(id)
        } catch {
            guard error.code == .secretVersionExists else { throw error }
            return nil
        }
    }

    private func requireSameValue(
        _ value: KeyMaterial, of version: SecretVersion, _ sealed: SealedSecretValue?, _ secret: Secret,
        _ resident: ResidentKey
    ) throws(KMSError) {
        guard let sealed else {
            throw KMSError(.internalFailure, "the version \(version.id) of the secret \(secret.name) has no value")
        }
        let stored = try kms.openSecretValue(sealed, of: secret.id, version: version.id, with: resident)
        guard stored == value else {
            throw KMSError(
                .secretVersionExists, "the secret \(secret.name) has a version \(version.id) with another value")
        }
    }
}
