extension KeyService {
    /// Deletes the keys whose deletion date has come, for good.
    ///
    /// - Parameter recording: called for each key before it is deleted; the key stays, and the work ends, if this throws.
    /// - Returns: the deleted keys.
    package func deleteDueKeys(
        recording: (Key) async throws(KMSError) -> Void = { _ in }
    ) async throws(KMSError) -> [Key] {
        let now = clock.now
        var deleted: [Key] = []
        while true {
            let due = try await store.keysDueForDeletion(at: now, limit: 100)
            guard !due.isEmpty else { return deleted }
            for id in due {
                guard let key = try await store.key(id) else { continue }
                try await recording(key)
                if let key = try await store.deleteKey(id, dueAt: now) { deleted.append(key) }
                cache.invalidate(id)
            }
        }
    }
}
