extension KeyService {
    /// What came of the work of one kind that was due.
    package struct DueWorkOutcome: Sendable {
        /// The keys as they were when the work was recorded.
        package var done: [Key] = []

        /// What went wrong with single keys; it is tried again the next time.
        package var failures: [(key: KeyID, error: KMSError)] = []
    }

    /// Keys looked at in one go; those that come after have their turn in the next.
    private static let mostDueKeys = 1000

    /// Carries out the work of one kind that is due now.
    ///
    /// Each piece is recorded before it is done, and once more if it fails; it is then tried again after a minute.
    ///
    /// - Throws: if a piece cannot be recorded, which ends the work, or the store cannot say what is due. A fault of one key does not keep
    ///   others waiting.
    package func carryOut(_ work: DueWork) async throws(KMSError) -> DueWorkOutcome {
        try requireUnsealed()
        return try await dueWorkTurnstile.run { () throws(KMSError) in
            let now = clock.now
            var outcome = DueWorkOutcome()
            let resting = failedWork.resting(at: now)
            for id in try await store.keysDue(for: work, at: now, limit: Self.mostDueKeys + resting.count) {
                guard !resting.contains(id), let key = try await store.key(id), isDue(work, key, at: now) else {
                    continue
                }
                try await recordDueWork(work, key, nil)
                do throws(KMSError) {
                    try await carryOut(work, on: key, at: now)
                    outcome.done.append(key)
                } catch {
                    failedWork.add(id, at: now)
                    outcome.failures.append((id, error))
                    try await recordDueWork(work, key, error)
                }
            }
            return outcome
        }
    }

    /// Does what changes the states of keys, and is due, before somebody asks for keys by their states.
    func catchUp() async throws(KMSError) {
        let now = clock.now
        for work in [DueWork.deletion, .materialExpiry] {
            guard try await !store.keysDue(for: work, at: now, limit: 1).isEmpty else { continue }
            _ = try await carryOut(work)
        }
    }

    /// Forgets wrapping keys for imports whose time is over.
    package func deleteExpiredImportParameters() async throws(KMSError) {
        let now = clock.now
        failedImports.forget(expiredAt: now)
        try await store.deleteImportParameters(expiredAt: now)
    }

    private func isDue(_ work: DueWork, _ key: Key, at now: Timestamp) -> Bool {
        switch work {
        case .deletion: key.deletionDate.map { $0 <= now } ?? false
        case .rotation: key.isDueForRotation(at: now)
        case .materialExpiry: key.hasExpiredMaterial(at: now)
        }
    }

    /// The key may have changed since it was read, so each change looks again whether it is due.
    private func carryOut(_ work: DueWork, on key: Key, at now: Timestamp) async throws(KMSError) {
        switch work {
        case .deletion:
            _ = try await store.deleteKey(key.id, dueAt: now)
            invalidate(key.id)
        case .rotation:
            let version = try await makeVersion(of: key.id, key.spec, in: key.scope, at: now)
            _ = try await changeStored([key.id], in: key.scope) { key throws(KMSError) in
                guard key.isDueForRotation(at: now) else { return [] }
                try key.rotate(to: version.id, at: now)
                return [.addVersion(version)]
            }
        case .materialExpiry:
            _ = try await changeStored([key.id], in: key.scope) { key in
                guard key.hasExpiredMaterial(at: now) else { return [] }
                key = key.current(at: now)
                return [.removeVersions]
            }
        }
    }
}
