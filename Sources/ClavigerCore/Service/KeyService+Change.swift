extension KeyService {
    /// Enables keys, all or none. An enabled key stays as it is.
    package func enable(_ ids: [KeyID], as caller: Caller) async throws(KMSError) {
        _ = try await change(ids, .enable, as: caller) { key throws(KMSError) in try key.enable() }
    }

    /// Disables keys, all or none. A disabled key stays as it is.
    package func disable(_ ids: [KeyID], as caller: Caller) async throws(KMSError) {
        _ = try await change(ids, .disable, as: caller) { key throws(KMSError) in try key.disable() }
    }

    /// Lets a key end after `window`; until then ``cancelDeletion(of:as:)`` brings it back.
    package func scheduleDeletion(
        of id: KeyID, after window: Duration, gate: Key.DeletionGate, as caller: Caller
    ) async throws(KMSError) -> Timestamp {
        let date = clock.now + window
        _ = try await change([id], .scheduleDeletion, as: caller) { key throws(KMSError) in
            try key.scheduleDeletion(at: date, gate: gate)
        }
        return date
    }

    package func cancelDeletion(of id: KeyID, as caller: Caller) async throws(KMSError) {
        _ = try await change([id], .cancelDeletion, as: caller) { key throws(KMSError) in try key.cancelDeletion() }
    }

    /// Gives the key another primary alias; the old name is free at once.
    ///
    /// - Throws: `.aliasExists`.
    package func updateAlias(of id: KeyID, to alias: KeyAlias, as caller: Caller) async throws(KMSError) {
        _ = try await change([id], .updateAlias, as: caller) { key throws(KMSError) in try key.rename(alias) }
    }

    package func updateDescription(of id: KeyID, to text: String, as caller: Caller) async throws(KMSError) {
        _ = try await change([id], .updateDescription, as: caller) { key throws(KMSError) in
            try key.describe(as: text)
        }
    }
}
