extension SecretService {
    /// Lets a secret end after `window`; until then ``restore(_:as:)`` brings it back as it was.
    ///
    /// - Returns: the secret with its `deletionDate`.
    /// - Throws: `.secretNotFound`, `.secretPendingDeletion`.
    @discardableResult
    package func scheduleDeletion(
        of name: SecretName, after window: Duration, as caller: Caller
    ) async throws(KMSError) -> Secret {
        try await change(name, as: caller) { secret, now throws(KMSError) in
            try secret.scheduleDeletion(at: now + window)
            return []
        }
    }

    /// Deletes a secret with all values, also while its deletion is pending. Its name is free at once.
    ///
    /// - Returns: the secret as it was.
    /// - Throws: `.secretNotFound`.
    @discardableResult
    package func deleteAtOnce(_ name: SecretName, as caller: Caller) async throws(KMSError) -> Secret {
        try kms.requireUnsealed()
        let now = clock.now
        let deleted = try await store.deleteSecret(name, in: caller.scope) { secret throws(KMSError) in
            // What is gone already is left to the background worker, which records it.
            guard !secret.isGone(at: now) else { return false }
            try caller.require(on: .secret(name, secret))
            return true
        }
        guard let deleted else { throw caller.absence(of: name) }
        return deleted
    }

    /// Ends the wait for deletion.
    ///
    /// - Throws: `.secretNotFound`, also if its time is over; `.secretNotPendingDeletion`.
    @discardableResult
    package func restore(_ name: SecretName, as caller: Caller) async throws(KMSError) -> Secret {
        try await change(name, as: caller) { secret, _ throws(KMSError) in
            try secret.restore()
            return []
        }
    }
}
