import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Synchronization
import Testing

/// The delays that were asked for instead of waited.
final class Naps: Sendable {
    private let taken = Mutex<[Duration]>([])

    var all: [Duration] { taken.withLock { $0 } }
    func take(_ duration: Duration) { taken.withLock { $0.append(duration) } }
}

/// An identity service over a memory store, with the operator's account and a clock that the test moves.
struct IdentityFixture: Sendable {
    static let workers = WorkerPool(workers: 2)
    static let random = RandomSource()

    /// Everything, in Tencent's language.
    static let everything = #"{"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"}]}"#

    /// Made once, because a password's digest takes its time. All backends of the tests have the same root key.
    private static let made = Result {
        try AccountFoundation(
            name: "operator", realms: Realm.builtIn, backend: SoftwareBackend.unsealed(), random: random,
            now: SampleKey.moment)
    }

    let clock = ManualClock()
    let store = MemoryKeyStore()
    let backend = SoftwareBackend.unsealed()
    let naps = Naps()
    let accounts = AccountTable()
    let projects = ProjectTable()
    let tokens: TokenAuthority
    let directory: CredentialDirectory
    let service: IdentityService
    let first: AccountFoundation

    /// - Parameters:
    ///   - signIn: where the gate compares passwords; that of all others by default.
    ///   - tokenKey: a random one by default.
    init(capacity: Int = 1000, signIn: WorkerPool = workers, tokenKey: KeyMaterial? = nil) async throws {
        let (clock, naps) = (clock, naps)
        let policies = PolicyReader(realms: Realm.builtIn)
        tokens = TokenAuthority(
            key: tokenKey ?? Self.random.material(32), random: Self.random, clock: clock.wallClock)
        directory = CredentialDirectory(
            store: store, backend: backend, tokens: tokens, policies: policies, clock: clock.wallClock,
            capacity: capacity)
        let gate = PasswordGate(workers: signIn, random: Self.random, clock: clock.wallClock) { naps.take($0) }
        service = IdentityService(
            store: store, keys: store, backend: backend, credentials: directory, tokens: tokens, gate: gate,
            policies: policies, accounts: accounts, projects: projects, realms: Realm.builtIn, workers: Self.workers,
            random: Self.random, clock: clock.wallClock)
        first = try Self.made.get()
        try await store.insert(
            first.account, root: first.root, accessKey: first.accessKey, projects: first.projects)
        try await accounts.load(from: store)
        try await projects.load(from: store)
        clock.advance(by: .seconds(60))
    }

    // MARK: callers

    /// The root of the operator's account, or of another.
    func root(_ permission: Permission, of identity: Identity? = nil) -> Caller {
        caller(identity ?? first.root, .root, permission)
    }

    func caller(_ identity: Identity, _ rights: Rights, _ permission: Permission, accessKeyID: String = "") -> Caller {
        let principal = Principal(
            account: identity.account, identity: identity.id, number: identity.number, name: identity.name,
            isRoot: identity.isRoot, accessKeyID: accessKeyID)
        let access = Access(rights: rights, facts: AccessFacts(source: "192.0.2.1:1", now: clock.now))
        return Caller(principal: principal, realm: Realm.builtIn[0], permission: permission, access: access)
    }

    /// A user as the directory knows it now, by its access key.
    func caller(_ user: SignedUser, _ permission: Permission) async throws -> Caller {
        let credential = try await directory.load(user.accessKey.id)
        return caller(user.identity, credential.rights, permission, accessKeyID: user.accessKey.id)
    }

    // MARK: things

    struct SignedUser: Sendable {
        let identity: Identity
        let accessKey: AccessKey
    }

    /// A user with an access key and, if there is a document, a policy of the same name.
    func user(_ name: String, _ document: String? = nil, password: String? = nil) async throws -> SignedUser {
        let identity = try await service.createUser(
            named: name, password: password.map { KeyMaterial($0.utf8) }, as: root(.createUser))
        let made = try await service.createAccessKey(forUser: name, as: root(.createAccessKey))
        if let document {
            _ = try await service.createPolicy(named: name, document: document, as: root(.createPolicy))
            try await service.attach(policy: name, toUser: name, as: root(.attachPolicy))
        }
        return SignedUser(identity: identity, accessKey: made.accessKey)
    }

    /// A second account, with a root identity of the same name as the account.
    func otherAccount(_ name: String = "customer") async throws -> AccountFoundation {
        try await service.createAccount(named: name, as: root(.createAccount))
    }

    func temporary(_ user: SignedUser, _ lifetime: Duration? = nil) async throws -> TemporaryCredentials {
        try await service.createTemporaryCredentials(
            lifetime: lifetime, as: try await caller(user, .createTemporaryCredentials))
    }

    func session(_ user: String, _ password: String) async throws -> OpenedSession {
        try await service.openSession(account: nil, user: user, password: KeyMaterial(password.utf8))
    }

    /// A token for a user of the operator's account, in its first project unless another scope is asked for.
    func token(
        _ user: String, _ password: String, _ scope: TokenRequest.Scope = .project(.name("ae-ad-1"))
    ) async throws -> IssuedToken {
        try await service.issueToken(
            TokenRequest(
                user: .name(user, domain: .name("operator")), password: KeyMaterial(password.utf8), scope: scope))
    }
}

extension KeyMaterial {
    /// The text that it is, which a test may know.
    var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}

/// The code of the error that `body` throws; `nil` if it throws none.
func failure<Result>(_ body: () async throws -> Result) async -> KMSError.Code? {
    do {
        _ = try await body()
        return nil
    } catch {
        return (error as? KMSError)?.code
    }
}
