package import ClavigerCore

extension MemoryKeyStore {
    package func insert(_ group: Group, limit: Int) async throws(KMSError) {
        try access { state throws(KMSError) in
            try state.requireAccount(group.account)
            guard
                !state.groups.values.contains(where: {
                    $0.account == group.account && $0.name.isSame(as: group.name)
                })
            else { throw KMSError(.nameExists, "the account has a group \(group.name)") }
            guard state.groups.values.count(where: { $0.account == group.account }) < limit else {
                throw KMSError.tooManyGroups(limit)
            }
            try state.requireNew(group.id, in: state.groups)
            state.groups[group.id] = group
        }
    }

    package func group(named name: String, in account: AccountID) async throws(KMSError) -> Group? {
        try access { state in state.groups.values.first { $0.account == account && $0.name.isSame(as: name) } }
    }

    package func groups(of account: AccountID, after name: String?, limit: Int) async throws(KMSError) -> [Group] {
        try access { state in
            state.groups.values.filter { $0.account == account }.page(by: \.name, after: name, limit: limit)
        }
    }

    package func setDescription(_ text: String, group id: String) async throws(KMSError) {
        try access { state throws(KMSError) in
            try state.requireGroup(id)
            state.groups[id]?.description = text
        }
    }

    package func deleteGroup(_ id: String) async throws(KMSError) {
        try access { state throws(KMSError) in
            let group = try state.requireGroup(id)
            guard !state.holders.values.contains(where: { $0.contains(.group(id)) }) else {
                throw KMSError.groupHasPolicies(group)
            }
            state.groups[id] = nil
            state.members[id] = nil
        }
    }

    package func addMembers(_ identities: [String], to group: String, limit: Int) async throws(KMSError) {
        try access { state throws(KMSError) in
            let account = try state.requireGroup(group).account
            for identity in identities {
                try state.requireIdentity(identity, in: account)
                guard !state.members[group, default: []].contains(identity) else { continue }
                guard state.members.values.count(where: { $0.contains(identity) }) < limit else {
                    throw KMSError.tooManyGroupsOfUser(limit)
                }
            }
            state.members[group, default: []].formUnion(identities)
        }
    }

    package func removeMembers(_ identities: [String], from group: String) async throws(KMSError) {
        try access { state in state.members[group]?.subtract(identities) }
    }

    package func members(of group: String) async throws(KMSError) -> [Identity] {
        try access { state in
            state.members[group, default: []].compactMap { state.identities[$0] }.page(by: \.name)
        }
    }

    package func groups(ofIdentity id: String) async throws(KMSError) -> [Group] {
        try access { state in
            state.groups.values.filter { state.members[$0.id]?.contains(id) ?? false }.page(by: \.name)
        }
    }
}

extension MemoryKeyStore.State {
    @discardableResult
    func requireGroup(_ id: String, in account: AccountID? = nil) throws(KMSError) -> Group {
        guard let group = groups[id], account.map({ $0 == group.account }) ?? true else {
            throw KMSError(.groupNotFound, "there is no such group")
        }
        return group
    }
}
