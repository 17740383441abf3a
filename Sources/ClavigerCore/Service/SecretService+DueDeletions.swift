extension SecretService {
    /// What came of the deletions that were due.
    package struct DueDeletionsOutcome: Sendable {
        /// The secrets as they were when their deletion was recorded.
        package var done: [Secret] = []

        /// What went wrong with single secrets; it is tried again the next time.
        package var failures: [(secret: Secret, error: KMSError)] = []
    }

    /// Secrets looked at in one go; those that come after have their turn in the next.
    private static let mostDueSecrets = 1000

    /// Deletes the secrets whose time is over.
    ///
    /// Each deletion is recorded before it is done, and once more if it fails; it is then tried again after a minute.
    ///
    /// - Throws: if a deletion cannot be recorded, which ends the work, or the store cannot say what is due. A fault of one secret does not keep
    ///   others waiting.
    package func deleteDue() async throws(KMSError) -> DueDeletionsOutcome {
        try kms.requireUnsealed()
        return try await deletionTurnstile.run { () throws(KMSError) in
            let now = clock.now
            var outcome = DueDeletionsOutcome()
            let resting = failedDeletions.resting(at: now)
            for (name, scope) in try await store.secretsDue(at: now, limit: Self.mostDueSecrets + resting.count) {
                guard let secret = try await store.secret(name, in: scope), secret.isGone(at: now),
                    !resting.contains(secret.id)
                else { continue }
                if let error = try await carryOutDeletion(of: secret, at: now) {
                    outcome.failures.append((secret, error))
                } else {
                    outcome.done.append(secret)
                }
            }
            return outcome
        }
    }

    /// Deletes what is due before somebody asks which secrets there are.
    func catchUp() async throws(KMSError) {
        guard try await !store.secretsDue(at: clock.now, limit: 1).isEmpty else { return }
        _ = try await deleteDue()
    }

    /// Deletes the secret of this name if its time is over, so that the name is free.
    func deleteGone(_ name: SecretName, in scope: KeyScope) async throws(KMSError) {
        try await deletionTurnstile.run { () throws(KMSError) in
            let now = clock.now
            // Who was here before may have deleted it.
            guard let secret = try await store.secret(name, in: scope), secret.isGone(at: now) else { return }
            if let error = try await carryOutDeletion(of: secret, at: now) { throw error }
        }
    }

    /// - Returns: what went wrong, once that is recorded.
    /// - Throws: if the deletion or its failure cannot be recorded.
    private func carryOutDeletion(of secret: Secret, at now: Timestamp) async throws(KMSError) -> KMSError? {
        try await recordDeletion(secret, nil)
        do throws(KMSError) {
            // It may have been restored and replaced since it was read.
            _ = try await store.deleteSecret(secret.name, in: secret.scope) { [id = secret.id] secret in
                secret.id == id && secret.isGone(at: now)
            }
            return nil
        } catch {
            failedDeletions.add(secret.id, at: now)
            try await recordDeletion(secret, error)
            return error
        }
    }
}
