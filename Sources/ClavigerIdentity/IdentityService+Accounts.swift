package import ClavigerCore

extension IdentityService {
    /// A page of all accounts by name; for the operator.
    package func accounts(
        after name: String?, limit: Int, as caller: Caller
    ) async throws(KMSError) -> Page<Account> {
        try await requireOperator(caller)
        let accounts = try await store.accounts().filter { $0.domainName > name ?? "" }
            .sorted { $0.domainName < $1.domainName }
        return Page(accounts, limit: limit, name: \.domainName)
    }

    /// - Parameter nameOrNumber: the account's; for the operator.
    /// - Throws: `.accountNotFound`.
    package func account(_ nameOrNumber: String, as caller: Caller) async throws(KMSError) -> Account {
        try await requireOperator(caller)
        return try await account(nameOrNumber)
    }

    /// Makes an account with a root identity, an access key and a project per realm; for the operator.
    ///
    /// - Parameter number: `nil` for a random one.
    /// - Returns: all of it, with the secrets, which nobody can read again.
    /// - Throws: `.invalidName`, `.invalidParameterValue` for the number, `.nameExists`.
    package func createAccount(
        named name: String, number: AccountID? = nil, as caller: Caller
    ) async throws(KMSError) -> AccountFoundation {
        try await requireOperator(caller)
        let (realms, backend, random, now) = (realms, backend, random, clock.now)
        // Nobody knows anything of it yet, so there is nothing to forget.
        return try await drawing { () throws(KMSError) in
            let foundation = try await workers.run { () throws(KMSError) in
                try AccountFoundation(
                    name: name, number: number, realms: realms, backend: backend, random: random, now: now)
            }
            try await store.insert(
                foundation.account, root: foundation.root, accessKey: foundation.accessKey,
                projects: foundation.projects)
            knownAccounts.note(foundation.account)
            for project in foundation.projects { knownProjects.note(project) }
            return foundation
        } unless: { () throws(KMSError) in
            if number != nil { return true }
            return try await store.account(named: name) != nil
        }
    }

    /// Lets the account's identities do everything again, or nothing; for the operator. Disabling ends their sessions and temporary credentials for good.
    ///
    /// - Throws: `.accountNotFound`, `.unsupportedOperation` for the operator's own account.
    package func setEnabled(
        _ isEnabled: Bool, account nameOrNumber: String, as caller: Caller
    ) async throws(KMSError) -> Account {
        try await requireOperator(caller)
        let account = try await account(nameOrNumber)
        let isOperator = try await isOperator(account.id)
        guard isEnabled || !isOperator else {
            throw KMSError(.unsupportedOperation, "the operator's account cannot be disabled")
        }
        try await change(account.id) { [now = clock.now] () throws(KMSError) in
            try await store.setEnabled(isEnabled, account: account.id, at: now)
        }
        let changed = try await self.account(account.id.description)
        knownAccounts.note(changed)
        return changed
    }

    /// The caller's own account.
    package func ownAccount(as caller: Caller) async throws(KMSError) -> AccountDetails {
        try caller.require(on: .all(.project))
        let account = try await account(of: caller.principal)
        let projects = try await store.projects(of: account.id).sorted { $0.name < $1.name }
        return AccountDetails(account: account, projects: projects)
    }

    /// Who a caller is; everybody may ask.
    package func whoAmI(_ principal: Principal) async throws(KMSError) -> WhoAmI {
        guard let identity = try await store.identity(principal.identity) else {
            throw KMSError(.identityNotFound, "the user does not exist")
        }
        return WhoAmI(account: try await account(of: principal), identity: identity)
    }

    /// The account with this name or number, whoever asks.
    func account(_ nameOrNumber: String) async throws(KMSError) -> Account {
        guard let account = try await knownAccount(nameOrNumber) else {
            throw KMSError(.accountNotFound, "no account has this name or number")
        }
        return account
    }

    func knownAccount(_ nameOrNumber: String) async throws(KMSError) -> Account? {
        if let number = Self.number(nameOrNumber) { return try await store.account(number) }
        return try await store.account(named: nameOrNumber)
    }

    /// The number that is meant; `nil` for a name, which has another character than digits.
    static func number(_ nameOrNumber: String) -> AccountID? {
        guard nameOrNumber.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(nameOrNumber).map(AccountID.init)
    }
}
