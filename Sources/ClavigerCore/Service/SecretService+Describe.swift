extension SecretService {
    /// The secret without its values, also while its deletion is pending.
    ///
    /// - Throws: `.secretNotFound`.
    package func describe(_ name: SecretName, as caller: Caller) async throws(KMSError) -> Secret {
        try requirePresence(of: try await store.secret(name, in: caller.scope), named: name, to: caller)
    }

    /// The secret, whose versions the caller wants to know.
    ///
    /// - Throws: `.secretNotFound`, `.secretPendingDeletion`.
    package func versions(of name: SecretName, as caller: Caller) async throws(KMSError) -> Secret {
        let secret = try await describe(name, as: caller)
        try secret.requireInUse()
        return secret
    }

    /// A page of the caller's secrets, the oldest first, those among them whose deletion is pending.
    ///
    /// - Parameter filter: `nil` stands for all.
    package func list(
        _ filter: SecretQuery.Filter?, offset: Int, limit: Int, as caller: Caller
    ) async throws(KMSError) -> SecretPage {
        try caller.require(on: .all(.secret))
        try await catchUp()
        return try await store.listSecrets(
            SecretQuery(scope: caller.scope, filter: filter), offset: offset, limit: limit)
    }
}
