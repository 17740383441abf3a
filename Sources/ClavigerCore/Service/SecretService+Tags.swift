extension SecretService {
    /// Gives the secret tags; a name that it has already gets the new value.
    ///
    /// - Parameter limit: as many tags the secret can have afterwards.
    /// - Throws: `.secretNotFound`, `.secretPendingDeletion`, `.tooManyTags`; nothing is then changed.
    package func addTags(
        _ tags: [KeyTag], to name: SecretName, limit: Int, as caller: Caller
    ) async throws(KMSError) {
        try await change(name, as: caller, tags: tags) { secret, now throws(KMSError) in
            try secret.addTags(tags, limit: limit, at: now)
            return []
        }
    }

    /// Takes tags away; names that the secret does not have do not matter.
    ///
    /// - Throws: `.secretNotFound`, `.secretPendingDeletion`.
    package func removeTags(
        named names: [String], from name: SecretName, as caller: Caller
    ) async throws(KMSError) {
        try await change(name, as: caller) { secret, now throws(KMSError) in
            try secret.removeTags(named: names, at: now)
            return []
        }
    }
}
