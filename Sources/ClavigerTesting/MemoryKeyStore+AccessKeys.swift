package import ClavigerCore

extension MemoryKeyStore {
    package func accessKey(_ id: String) async throws(KMSError) -> (accessKey: AccessKey, identity: Identity)? {
        try access { state in
            guard let accessKey = state.accessKeys[id], let identity = state.identities[accessKey.identity] else {
                return nil
            }
            return (accessKey, identity)
        }
    }

    package func accessKeys(of identity: String) async throws(KMSError) -> [AccessKey] {
        try access { state in
            state.accessKeys.values.filter { $0.identity == identity }.sorted { first, second in
                first.createdAt == second.createdAt
                    ? first.id.precedes(second.id) : first.createdAt < second.createdAt
            }
        }
    }

    package func insert(_ accessKey: AccessKey) async throws(KMSError) {
        try access { state throws(KMSError) in
            try state.requireIdentity(accessKey.identity, in: accessKey.account)
            guard
                state.accessKeys.values.count(where: { $0.identity == accessKey.identity })
                    < AccessKey.mostPerIdentity
            else {
                throw KMSError(
                    .tooManyAccessKeys, "the identity has \(AccessKey.mostPerIdentity) access keys, which is the limit")
            }
            try state.requireNew(accessKey.id, in: state.accessKeys)
            state.accessKeys[accessKey.id] = accessKey
        }
    }

    package func setEnabled(_ isEnabled: Bool, accessKey id: String) async throws(KMSError) {
        try access { state throws(KMSError) in
            if isEnabled { try state.requireAccessKey(id) } else { try state.requireDispensable(id) }
            state.accessKeys[id]?.isEnabled = isEnabled
        }
    }

    package func deleteAccessKey(_ id: String) async throws(KMSError) {
        try access { state throws(KMSError) in
            try state.requireDispensable(id)
            state.accessKeys[id] = nil
        }
    }

    package func noteUse(of accessKeys: [String: Timestamp]) async throws(KMSError) {
        try access { state in
            for (id, moment) in accessKeys {
                guard let known = state.accessKeys[id] else { continue }
                state.accessKeys[id]?.lastUsedAt = max(known.lastUsedAt ?? moment, moment)
            }
        }
    }
}

extension MemoryKeyStore.State {
    @discardableResult
    fileprivate func requireAccessKey(_ id: String) throws(KMSError) -> AccessKey {
        guard let accessKey = accessKeys[id] else {
            throw KMSError(.accessKeyNotFound, "there is no such access key")
        }
        return accessKey
    }

    /// Refuses to take away the last enabled access key of a root identity.
    fileprivate func requireDispensable(_ id: String) throws(KMSError) {
        let identity = try requireAccessKey(id).identity
        guard identities[identity]?.isRoot ?? false else { return }
        guard accessKeys.values.contains(where: { $0.identity == identity && $0.isEnabled && $0.id != id }) else {
            throw KMSError(.lastRootKey, "the root identity of an account must keep an enabled access key")
        }
    }
}
