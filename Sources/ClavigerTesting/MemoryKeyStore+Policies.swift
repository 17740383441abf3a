package import ClavigerCore

extension MemoryKeyStore {
    package func insert(_ policy: StoredPolicy, limit: Int) async throws(KMSError) {
        try access { state throws(KMSError) in
            try state.requireAccount(policy.account)
            guard
                !state.policies.values.contains(where: {
                    $0.account == policy.account && $0.name.isSame(as: policy.name)
                })
            else { throw KMSError(.nameExists, "the account has a policy \(policy.name)") }
            guard state.policies.values.count(where: { $0.account == policy.account }) < limit else {
                throw KMSError.tooManyPolicies(limit)
            }
            try state.requireNew(policy.id, in: state.policies)
            state.policies[policy.id] = policy
        }
    }

    package func policy(named name: String, in account: AccountID) async throws(KMSError) -> StoredPolicy? {
        try access { state in state.policies.values.first { $0.account == account && $0.name.isSame(as: name) } }
    }

    package func policies(
        of account: AccountID, after name: String?, limit: Int
    ) async throws(KMSError) -> [StoredPolicy] {
        try access { state in
            state.policies.values.filter { $0.account == account }.page(by: \.name, after: name, limit: limit)
        }
    }

    @discardableResult
    package func changePolicy(
        _ id: String, _ change: @escaping @Sendable (inout StoredPolicy) throws(KMSError) -> Void
    ) async throws(KMSError) -> StoredPolicy {
        try access { state throws(KMSError) in
            var policy = try state.requirePolicy(id)
            try change(&policy)
            state.policies[id] = policy
            return policy
        }
    }

    package func deletePolicy(_ id: String) async throws(KMSError) {
        try access { state throws(KMSError) in
            let policy = try state.requirePolicy(id)
            guard state.holders[id, default: []].isEmpty else {
                throw KMSError(.policyInUse, "the policy \(policy.name) is attached to users or groups")
            }
            state.policies[id] = nil
        }
    }

    package func attach(policy id: String, to holder: PolicyHolder, limit: Int) async throws(KMSError) {
        try access { state throws(KMSError) in
            let account = try state.requirePolicy(id).account
            switch holder {
            case .user(let identity): try state.requireIdentity(identity, in: account)
            case .group(let group): try state.requireGroup(group, in: account)
            }
            guard !state.holders[id, default: []].contains(holder) else { return }
            guard state.holders.values.count(where: { $0.contains(holder) }) < limit else {
                throw KMSError.tooManyPoliciesOfHolder(limit)
            }
            state.holders[id, default: []].insert(holder)
        }
    }

    package func detach(policy id: String, from holder: PolicyHolder) async throws(KMSError) {
        try access { state in
            _ = state.holders[id]?.remove(holder)
        }
    }

    package func policies(attachedTo holder: PolicyHolder) async throws(KMSError) -> [StoredPolicy] {
        try access { state in state.policies(heldBy: [holder]) }
    }

    package func holders(ofPolicy id: String) async throws(KMSError) -> (users: [Identity], groups: [Group]) {
        try access { state in
            let holders = state.holders[id, default: []]
            return (
                state.identities.values.filter { holders.contains(.user($0.id)) }.page(by: \.name),
                state.groups.values.filter { holders.contains(.group($0.id)) }.page(by: \.name)
            )
        }
    }

    package func policies(applyingTo identity: String) async throws(KMSError) -> [StoredPolicy] {
        try access { state in
            let groups = state.members.filter { $0.value.contains(identity) }.keys
            return state.policies(heldBy: Set([.user(identity)] + groups.map { .group($0) }))
        }
    }
}

extension MemoryKeyStore.State {
    fileprivate func requirePolicy(_ id: String) throws(KMSError) -> StoredPolicy {
        guard let policy = policies[id] else { throw KMSError(.policyNotFound, "there is no such policy") }
        return policy
    }

    /// By name.
    fileprivate func policies(heldBy wanted: Set<PolicyHolder>) -> [StoredPolicy] {
        policies.values.filter { !holders[$0.id, default: []].isDisjoint(with: wanted) }.page(by: \.name)
    }
}
