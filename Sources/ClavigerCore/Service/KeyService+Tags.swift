import Synchronization

extension KeyService {
    /// Gives the key tags; a name that it has already gets the new value.
    ///
    /// - Parameter limit: as many tags the key can have afterwards.
    /// - Throws: `.tooManyTags`; nothing is then changed.
    package func addTags(
        _ tags: [KeyTag], to id: KeyID, limit: Int, gate: StateGate = .none, as caller: Caller
    ) async throws(KMSError) {
        try await change([id], .tag, as: caller, tags: tags) { key throws(KMSError) in
            try gate.admit(key)
            try key.addTags(tags, limit: limit)
            return []
        }
    }

    /// Takes tags away.
    ///
    /// - Returns: whether the key had all of them.
    @discardableResult
    package func removeTags(
        named names: [String], from id: KeyID, gate: StateGate = .none, as caller: Caller
    ) async throws(KMSError) -> Bool {
        let hadAll = Mutex(false)
        try await change([id], .untag, as: caller) { key throws(KMSError) in
            try gate.admit(key)
            let tags = key.tags
            hadAll.withLock { $0 = names.allSatisfy { name in tags.contains { $0.isNamed(name) } } }
            try key.removeTags(named: names)
            return []
        }
        return hadAll.withLock { $0 }
    }

    /// All names of tags in the caller's realm, each with its distinct values.
    package func tags(as caller: Caller) async throws(KMSError) -> [(key: String, values: [String])] {
        try caller.require(on: .all(.key))
        try await catchUp()
        return try await store.tags(in: caller.scope)
    }
}
