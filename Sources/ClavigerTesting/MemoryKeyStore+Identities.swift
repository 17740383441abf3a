package import ClavigerCore

extension MemoryKeyStore {
    package func insert(_ identity: Identity, limit: Int) async throws(KMSError) {
        try access { state throws(KMSError) in
            try state.requireAccount(identity.account)
            guard
                !state.identities.values.contains(where: {
                    $0.number == identity.number || $0.account == identity.account && $0.name.isSame(as: identity.name)
                })
            else { throw KMSError(.nameExists, "an identity has the name \(identity.name) or this number") }
            let users = state.identities.values.count { $0.account == identity.account && !$0.isRoot }
            guard users < limit else { throw KMSError.tooManyUsers(limit) }
            try state.requireNew(identity.id, in: state.identities)
            state.identities[identity.id] = identity
        }
    }

    package func identity(_ id: String) async throws(KMSError) -> Identity? {
        try access { state in state.identities[id] }
    }

    package func identity(named name: String, in account: AccountID) async throws(KMSError) -> Identity? {
        try access { state in
            state.identities.values.first { $0.account == account && $0.name.isSame(as: name) }
        }
    }

    package func identities(
        of account: AccountID, after name: String?, limit: Int
    ) async throws(KMSError) -> [Identity] {
        try access { state in
            state.identities.values.filter { $0.account == account }.page(by: \.name, after: name, limit: limit)
        }
    }

    @discardableResult
    package func changeIdentity(
        _ id: String, _ change: @escaping @Sendable (inout Identity) throws(KMSError) -> Void
    ) async throws(KMSError) -> Identity {
        try access { state throws(KMSError) in
            var identity = try state.requireIdentity(id)
            try change(&identity)
            guard identity.isEnabled || !identity.isRoot else {
                throw KMSError(.rootIdentity, "the root identity of an account cannot be disabled")
            }
            state.identities[id] = identity
            return identity
        }
    }

    package func deleteIdentity(_ id: String) async throws(KMSError) {
        try access { state throws(KMSError) in
            guard !(try state.requireIdentity(id).isRoot) else { throw KMSError.identityNotFound }
            state.identities[id] = nil
            state.accessKeys = state.accessKeys.filter { $0.value.identity != id }
            state.members = state.members.mapValues { $0.subtracting([id]) }
            state.holders = state.holders.mapValues { $0.subtracting([.user(id)]) }
        }
    }
}

extension MemoryKeyStore.State {
    @discardableResult
    func requireIdentity(_ id: String, in account: AccountID? = nil) throws(KMSError) -> Identity {
        guard let identity = identities[id], account.map({ $0 == identity.account }) ?? true else {
            throw KMSError.identityNotFound
        }
        return identity
    }
}

extension Collection {
    /// Those behind `name`, sorted by name, at most `limit`.
    func page(by name: KeyPath<Element, String>, after start: String? = nil, limit: Int = .max) -> [Element] {
        let sorted = sorted { $0[keyPath: name].precedes($1[keyPath: name]) }
        let rest = start.map { start in sorted.filter { start.precedes($0[keyPath: name]) } } ?? sorted
        return Array(rest.prefix(Swift.max(0, limit)))
    }
}

extension KMSError {
    fileprivate static let identityNotFound = KMSError(.identityNotFound, "there is no such identity")
}
