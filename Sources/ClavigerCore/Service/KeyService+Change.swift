extension KeyService {
    /// Enables keys, all or none. An enabled key stays as it is, unless the dialect's gate refuses it.
    package func enable(
        _ ids: [KeyID], gate: StateGate = .none, as caller: Caller
    ) async throws(KMSError) {
        try await change(ids, .enable, as: caller) { key throws(KMSError) in
            try gate.admit(key)
            try key.enable()
            return []
        }
    }

    /// Disables keys, all or none. A disabled key stays as it is, unless the dialect's gate refuses it.
    package func disable(
        _ ids: [KeyID], gate: StateGate = .none, as caller: Caller
    ) async throws(KMSError) {
        try await change(ids, .disable, as: caller) { key throws(KMSError) in
            try gate.admit(key)
            try key.disable()
            return []
        }
    }

    /// Lets a key end after `window`; until then ``cancelDeletion(of:as:)`` brings it back.
    package func scheduleDeletion(
        of id: KeyID, after window: Duration, gate: Key.DeletionGate, as caller: Caller
    ) async throws(KMSError) -> Timestamp {
        let date = clock.now + window
        try await change([id], .scheduleDeletion, as: caller) { key throws(KMSError) in
            try key.scheduleDeletion(at: date, gate: gate)
            return []
        }
        return date
    }

    /// - Parameter next: what the key is then, if it has material.
    /// - Returns: the key as it is now.
    @discardableResult
    package func cancelDeletion(
        of id: KeyID, to next: Key.StateAfterCancellation = .disabled, as caller: Caller
    ) async throws(KMSError) -> Key {
        try await change([id], .cancelDeletion, as: caller) { key throws(KMSError) in
            try key.cancelDeletion(to: next)
            return []
        }[0]
    }

    /// Gives the key another primary alias; the old name is free at once.
    ///
    /// - Throws: `.aliasExists`.
    package func updateAlias(of id: KeyID, to alias: KeyAlias, as caller: Caller) async throws(KMSError) {
        try await freeingNames { () throws(KMSError) in
            try await change([id], .updateAlias, as: caller) { key throws(KMSError) in
                // Aliases can have policies of their own, which other dialects' calls are asked for by name.
                if let former = key.primaryAlias {
                    try caller.requireNoDenial(of: [.updateAlias, .deleteAlias], on: .alias(former))
                }
                try caller.requireNoDenial(of: [.updateAlias, .createAlias], on: .newAlias(alias))
                try key.rename(alias)
                return []
            }
        }
    }

    package func updateDescription(of id: KeyID, to text: String, as caller: Caller) async throws(KMSError) {
        try await change([id], .updateDescription, as: caller) { key throws(KMSError) in
            try key.describe(as: text)
            return []
        }
    }
}
