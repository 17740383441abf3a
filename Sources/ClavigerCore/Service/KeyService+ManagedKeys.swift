import ClavigerCrypto

extension KeyService {
    /// Makes the key of the service itself that every scope of a dialect has from the first day, unless it is there already. Calls at the same time make
    /// and record one.
    ///
    /// - Parameters:
    ///   - alias: the key's name, which no user can give to a key.
    ///   - record: called with the new key before it is stored; it is not made if this throws.
    /// - Returns: whether it was made now.
    package func ensureManagedKey(
        named alias: KeyAlias, for account: Account, in realm: Realm,
        record: @Sendable (Key) async throws(KMSError) -> Void
    ) async throws(KMSError) -> Bool {
        let scope = KeyScope(account: account.id, realm: realm.id)
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
                id: id, scope: scope, spec: spec, usage: .encryptDecrypt, origin: .generated, owner: .service,
                creator: IdentityNumber(account.id.number), createdAt: now, state: .enabled, primaryAlias: alias,
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
        var query = KeyQuery(scope: scope)
        query.role = nil
        query.alias = alias.name
        return try await store.list(query, offset: 0, limit: 0).total > 0
    }
}
