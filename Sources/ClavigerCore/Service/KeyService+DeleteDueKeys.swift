extension KeyService {
    /// Deletes the keys whose deletion date has come, for good.
    ///
    /// - Returns: the deleted keys.
    package func deleteDueKeys() async throws(KMSError) -> [Key] {
        let now = clock.now
        var deleted: [Key] = []
        while true {
            let due = try await store.keysDueForDeletion(at: now, limit: 100)
            guard !due.isEmpty else { return deleted }
            for id in due {
                if let key = try await store.deleteKey(id, dueAt: now) { deleted.append(key) }
                cache.invalidate(id)
            }
        }
    }
}
