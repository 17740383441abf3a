package import ClavigerCore

extension IdentityService {
    /// The user's access keys, oldest first.
    ///
    /// - Throws: `.identityNotFound`.
    package func accessKeys(ofUser name: String, as caller: Caller) async throws(KMSError) -> [AccessKey] {
        try caller.require(on: AccessResource(.user, .text(name)))
        return try await store.accessKeys(of: try await identity(name, of: caller).id)
    }

    /// Makes an access key.
    ///
    /// - Returns: the key with its secret, which nobody can read again.
    /// - Throws: `.identityNotFound`, `.tooManyAccessKeys`.
    package func createAccessKey(forUser name: String, as caller: Caller) async throws(KMSError) -> NewAccessKey {
        let identity = try await governed(name, caller)
        let made = try NewAccessKey(for: identity, backend: backend, random: random, now: clock.now)
        try await store.insert(made.accessKey)
        return made
    }

    /// - Throws: `.identityNotFound`, `.accessKeyNotFound` also for that of another user, `.lastRootKey`.
    package func setEnabled(
        _ isEnabled: Bool, accessKey id: String, ofUser name: String, as caller: Caller
    ) async throws(KMSError) -> AccessKey {
        let identity = try await governed(name, caller)
        var accessKey = try await accessKey(id, of: identity)
        try await change(caller.principal.account) { () throws(KMSError) in
            try await store.setEnabled(isEnabled, accessKey: id)
        }
        accessKey.isEnabled = isEnabled
        return accessKey
    }

    /// - Throws: `.identityNotFound`, `.accessKeyNotFound` also for that of another user, `.lastRootKey`.
    package func deleteAccessKey(_ id: String, ofUser name: String, as caller: Caller) async throws(KMSError) {
        let identity = try await governed(name, caller)
        _ = try await accessKey(id, of: identity)
        try await change(caller.principal.account) { () throws(KMSError) in try await store.deleteAccessKey(id) }
    }

    private func governed(_ name: String, _ caller: Caller) async throws(KMSError) -> Identity {
        try caller.require(on: AccessResource(.user, .text(name)))
        let identity = try await identity(name, of: caller)
        try requireMayGovern(identity, caller)
        return identity
    }

    private func accessKey(_ id: String, of identity: Identity) async throws(KMSError) -> AccessKey {
        guard let found = try await store.accessKey(id), found.identity.id == identity.id else {
            throw KMSError(.accessKeyNotFound, "the user has no access key with this id")
        }
        return found.accessKey
    }
}
