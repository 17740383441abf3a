package import ClavigerCore

extension MemoryKeyStore {
    package func insert(
        _ account: Account, root: Identity, accessKey: AccessKey, projects: [Project]
    ) async throws(KMSError) {
        try access { state throws(KMSError) in
            guard
                !state.accounts.contains(where: {
                    $0.id == account.id || $0.domainName.isSame(as: account.domainName)
                }), !state.identities.values.contains(where: { $0.number == root.number })
            else { throw KMSError(.nameExists, "an account has this number or the name \(account.domainName)") }
            guard state.identities[root.id] == nil, state.accessKeys[accessKey.id] == nil,
                !state.accounts.contains(where: { $0.domainID == account.domainID }),
                projects.allSatisfy({ state.projects[$0.id] == nil })
            else { throw KMSError(.storeUnavailable, "what comes with the account exists already") }
            state.accounts.append(account)
            state.identities[root.id] = root
            state.accessKeys[accessKey.id] = accessKey
            for project in projects { state.projects[project.id] = project }
        }
    }

    package func accounts() async throws(KMSError) -> [Account] {
        try access { state in state.accounts }
    }

    package func account(_ id: AccountID) async throws(KMSError) -> Account? {
        try access { state in state.accounts.first { $0.id == id } }
    }

    package func account(named name: String) async throws(KMSError) -> Account? {
        try access { state in state.accounts.first { $0.domainName.isSame(as: name) } }
    }

    package func setEnabled(
        _ isEnabled: Bool, account: AccountID, at moment: Timestamp
    ) async throws(KMSError) {
        try access { state throws(KMSError) in
            guard let index = state.accounts.firstIndex(where: { $0.id == account }) else {
                throw KMSError.accountNotFound(account)
            }
            state.accounts[index].isEnabled = isEnabled
            guard !isEnabled else { return }
            for identity in state.identities.values where identity.account == account {
                let next = max(moment, identity.sessionsValidFrom + .seconds(1))
                state.identities[identity.id]?.sessionsValidFrom = next
            }
        }
    }

    package func projects(of account: AccountID) async throws(KMSError) -> [Project] {
        try access { state in
            state.projects.values.filter { $0.account == account }.sorted { first, second in
                first.realm == second.realm
                    ? first.name.precedes(second.name) : first.realm.name.precedes(second.realm.name)
            }
        }
    }

    package func project(_ id: String) async throws(KMSError) -> Project? {
        try access { state in state.projects[id] }
    }

    package func insert(_ project: Project) async throws(KMSError) {
        try access { state throws(KMSError) in
            try state.requireAccount(project.account)
            guard
                !state.projects.values.contains(where: {
                    $0.account == project.account && $0.name.isSame(as: project.name)
                })
            else { throw KMSError(.nameExists, "the account has a project \(project.name)") }
            try state.requireNew(project.id, in: state.projects)
            state.projects[project.id] = project
        }
    }

    package func deleteProject(_ id: String, of account: AccountID) async throws(KMSError) {
        try access { state throws(KMSError) in
            guard state.projects[id]?.account == account else {
                throw KMSError(.projectNotFound, "the account has no project \(id)")
            }
            state.projects[id] = nil
        }
    }
}

extension MemoryKeyStore.State {
    func requireAccount(_ id: AccountID) throws(KMSError) {
        guard accounts.contains(where: { $0.id == id }) else { throw KMSError.accountNotFound(id) }
    }

    func requireNew<Value>(_ id: String, in values: [String: Value]) throws(KMSError) {
        guard values[id] == nil else { throw KMSError(.storeUnavailable, "the id \(id) exists already") }
    }
}

extension KMSError {
    fileprivate static func accountNotFound(_ id: AccountID) -> KMSError {
        KMSError(.accountNotFound, "no account has the number \(id)")
    }
}
