import ClavigerCrypto

extension KeyService {
    /// Makes the key of the service itself that every scope of a dialect has from the first day, unless it is there already. Calls at the same time make
    /// and record one.
    ///
    /// - Parameters:
    ///   - alias: the key's name, which no user can give to a key.
    ///   - owner: which part of the service it is for.
    ///   - record: called with the new key before it is stored; it is not made if this throws.
    /// - Returns: whether it was made now.
    package func ensureManagedKey(
        named alias: KeyAlias, owner: KeyOwner = .service, for account: AccountID, in realm: Realm,
        record: @Sendable (Key) async throws(KMSError) -> Void
    ) async throws(KMSError) -> Bool {
        let scope = KeyScope(account: account, realm: realm.id)
        if try await isTaken(alias, in: scope) { return false }
        return try await managedKeyTurnstile.run { () throws(KMSError) in
            // Who was here before may have made it.
            if try await isTaken(alias, in: scope) { return false }
            try requireUnsealed()
            let id = KeyID(random.uuid())
            let now = clock.now
            let spec = realm.edition.symmetricSpec
            let version = try await makeVersion(of: id, spec, in: scope, at: now)
            let key = Key(
                id: id, scope: scope, spec: spec, usage: .encryptDecrypt, origin: .generated, owner: owner,
                creator: IdentityNumber(account.number), createdAt: now, state: .enabled, aliases: [alias],
                description: "", primaryVersion: version.id, tags: [])
            try await record(key)
            do throws(KMSError) {
                try await store.insert(key, version: version, limit: .max)
            } catch {
                // Another process has made it in the meantime.
                guard error.code == .aliasExists else { throw error }
                return false
            }
            return true
        }
    }

    /// Whether a key has the alias, whoever owns it: if it were a user's by mistake, each request would record another attempt.
    private func isTaken(_ alias: KeyAlias, in scope: KeyScope) async throws(KMSError) -> Bool {
        try await store.keyID(named: alias, in: scope) != nil
    }
}
