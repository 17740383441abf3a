import ClavigerCrypto

extension SecretService {
    /// Makes a secret with its first version, which is the current one.
    ///
    /// Under a key of his own the caller also needs the right `kms:GenerateDataKey`.
    ///
    /// - Throws: `.secretExists`, `.secretPendingDeletion` if a secret has the name whose deletion is scheduled, `.tooManySecrets`; `.keyNotFound`,
    ///   `.invalidKeyUsage` for an asymmetric key, or what its state says.
    package func create(_ new: NewSecret, as caller: Caller) async throws(KMSError) -> Secret {
        try caller.require(on: .newSecret(new.name), tags: new.tags)
        try kms.requireUnsealed()
        try await makeRoom(for: new.name, in: caller.scope)
        let resident = try await admittedKey(for: new, as: caller)
        let now = clock.now
        let id = random.uuid()
        let secret = Secret(
            id: id, scope: caller.scope, name: new.name, encryptionKey: resident.key.id, hasChosenKey: new.key != nil,
            creator: caller.principal.number, createdAt: now, updatedAt: now, description: new.description,
            tags: new.tags,
            versions: [SecretVersion(id: new.versionID, form: new.form, createdAt: now, stages: [.current])])
        let value = try kms.sealSecretValue(new.value, of: id, version: new.versionID, under: resident)
        try await store.insert(secret, value: value, limit: limits.secretsPerScope)
        return secret
    }

    /// A key that encrypts now: the chosen one, or the service's own, which is made if there is none yet.
    private func admittedKey(for new: NewSecret, as caller: Caller) async throws(KMSError) -> ResidentKey {
        if let id = new.key {
            let encrypting = caller.needing(.generateDataKey)
            let resident = try await kms.load(id, as: encrypting)
            try kms.admit(.generateDataKey, on: resident, as: encrypting)
            return resident
        }
        let resident = try await managedKey(for: caller)
        try kms.admitByState(.generateDataKey, on: resident, for: caller)
        return resident
    }

    private func managedKey(for caller: Caller) async throws(KMSError) -> ResidentKey {
        let alias = Self.managedKeyAlias
        if let resident = try await kms.managedKey(named: alias, of: .secrets, for: caller) { return resident }
        _ = try await kms.ensureManagedKey(
            named: alias, owner: .secrets, for: caller.principal.account, in: caller.realm, record: recordManagedKey)
        guard let resident = try await kms.managedKey(named: alias, of: .secrets, for: caller) else {
            throw KMSError(.storeUnavailable, "the key \(alias) was made, but is not there")
        }
        return resident
    }

    /// Refuses a name that is in use. A secret that is due to go goes now.
    private func makeRoom(for name: SecretName, in scope: KeyScope) async throws(KMSError) {
        guard let secret = try await store.secret(name, in: scope) else { return }
        guard !secret.isGone(at: clock.now) else { return try await deleteGone(name, in: scope) }
        try secret.requireInUse()
        throw KMSError(.secretExists, "a secret of this account and region has the name \(name)")
    }
}
