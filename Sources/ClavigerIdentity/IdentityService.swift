package import ClavigerCore
package import ClavigerCrypto
import Synchronization

/// The administration of accounts, identities, groups, access keys and policies.
///
/// Every operation asks the caller's rights first, for the permission that the dialect's table gives the call and for the resource that is named. So
/// nobody learns of what exists who may not do anything with it. What belongs to another account is unknown.
///
/// After every change, and after every one that may have been made, the account's credentials and rights that were at hand are forgotten: the next
/// request finds the new ones.
package final class IdentityService: Sendable {
    static let longestDescription = 1000
    static let mostUsers = 5000
    static let mostGroups = 300
    static let mostPolicies = 1500
    static let mostPoliciesPerHolder = 10
    static let mostGroupsPerUser = 10

    /// How often an id or number that is taken already is drawn anew.
    private static let draws = 8

    let store: any IdentityStore
    let keys: any KeyStore
    let backend: any CryptoBackend
    let credentials: CredentialDirectory
    let tokens: TokenAuthority
    let gate: PasswordGate
    let policies: PolicyReader
    let knownAccounts: AccountTable
    let knownProjects: ProjectTable
    let workers: WorkerPool
    let random: RandomSource
    let clock: WallClock
    let realms: [Realm]

    private let operatorAccount = Mutex<AccountID?>(nil)

    /// - Parameters:
    ///   - keys: where `policy test` finds keys with their tags and policies.
    ///   - accounts: told of accounts that are made.
    ///   - projects: told of every change of a project.
    ///   - workers: where new passwords are digested. The gate should have others, or signing in waits for those who make users.
    package init(
        store: any IdentityStore, keys: any KeyStore, backend: any CryptoBackend, credentials: CredentialDirectory,
        tokens: TokenAuthority, gate: PasswordGate, policies: PolicyReader, accounts: AccountTable,
        projects: ProjectTable = ProjectTable(), realms: [Realm], workers: WorkerPool, random: RandomSource,
        clock: WallClock = .system
    ) {
        self.store = store
        self.keys = keys
        self.backend = backend
        self.credentials = credentials
        knownAccounts = accounts
        knownProjects = projects
        self.tokens = tokens
        self.gate = gate
        self.policies = policies
        self.realms = realms
        self.workers = workers
        self.random = random
        self.clock = clock
    }

    /// The realm with this id, or this name in any dialect.
    ///
    /// - Throws: `.unknownRealm`.
    package func realm(named name: String) throws(KMSError) -> Realm {
        let found = realms.first { realm in
            realm.id.name == name || realm.tencentNames.contains(name) || realm.alibabaNames.contains(name)
                || realm.huaweiNames.contains(name)
        }
        guard let found else { throw KMSError(.unknownRealm, "no region has this name") }
        return found
    }

    // MARK: the operator

    /// Whether the account is the operator's.
    package func isOperator(_ account: AccountID) async throws(KMSError) -> Bool {
        try await operatorID() == account
    }

    /// The number of the operator's account: the first that was made, at the first start.
    func operatorID() async throws(KMSError) -> AccountID? {
        if let known = operatorAccount.withLock({ $0 }) { return known }
        // No account is ever deleted, so the first stays the first.
        guard let first = try await store.accounts().first?.id else { return nil }
        operatorAccount.withLock { $0 = first }
        return first
    }

    /// Refuses whoever is not of the operator's account, or lacks the permission for the server.
    ///
    /// - Throws: `.accessDenied`.
    package func requireOperator(_ caller: Caller) async throws(KMSError) {
        try caller.require(on: .all(.server))
        guard try await isOperator(caller.principal.account) else { throw caller.refuse() }
    }

    // MARK: what the operations share

    /// Has the store make a change, and forgets afterwards what was known of the account before.
    @discardableResult
    func change<Result>(
        _ account: AccountID, _ body: () async throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        do throws(KMSError) {
            let result = try await body()
            credentials.invalidate(account)
            return result
        } catch {
            // A store that does not answer may have made the change; one that refuses it has not.
            if error.code == .storeUnavailable { credentials.invalidate(account) }
            throw error
        }
    }

    /// Runs `make` anew if what it drew was taken already and `isTaken` does not find another reason.
    func drawing<Result>(
        _ make: () async throws(KMSError) -> Result, unless isTaken: () async throws(KMSError) -> Bool
    ) async throws(KMSError) -> Result {
        for _ in 1..<Self.draws {
            do throws(KMSError) {
                return try await make()
            } catch {
                guard error.code == .nameExists, try await !isTaken() else { throw error }
            }
        }
        return try await make()
    }

    /// A new id of 32 hexadecimal digits.
    func makeID() -> String { Hex.string(random.bytes(16)) }

    func checkDescription(_ text: String) throws(KMSError) {
        guard text.unicodeScalars.count <= Self.longestDescription else {
            throw KMSError(
                .invalidParameterValue, "a description has at most \(Self.longestDescription) characters")
        }
    }

    /// The caller's account.
    func account(of principal: Principal) async throws(KMSError) -> Account {
        guard let account = try await store.account(principal.account) else {
            throw KMSError(.accountNotFound, "the account does not exist")
        }
        return account
    }

    /// An identity of the caller's account.
    func identity(_ name: String, of caller: Caller) async throws(KMSError) -> Identity {
        guard let identity = try await store.identity(named: name, in: caller.principal.account) else {
            throw KMSError(.identityNotFound, "no user of the account has this name")
        }
        return identity
    }

    func group(_ name: String, of caller: Caller) async throws(KMSError) -> Group {
        guard let group = try await store.group(named: name, in: caller.principal.account) else {
            throw KMSError(.groupNotFound, "no group of the account has this name")
        }
        return group
    }

    func policy(_ name: String, of caller: Caller) async throws(KMSError) -> StoredPolicy {
        guard let policy = try await store.policy(named: name, in: caller.principal.account) else {
            throw KMSError(.policyNotFound, "no policy of the account has this name")
        }
        return policy
    }

    /// Keeps everybody's hands off a root identity but its own: whoever could set its password would be root.
    func requireMayGovern(_ identity: Identity, _ caller: Caller) throws(KMSError) {
        guard !identity.isRoot || caller.principal.isRoot else { throw caller.refuse() }
    }
}
