import ClavigerAPI
import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Foundation
import Logging
import Synchronization
import Testing

@testable import ClavigerAPIAlibaba

/// The dialect's endpoint over a memory store, with an audit log in a folder of its own and a clock that the test moves.
final class AlibabaFixture: Sendable {
    private static let pools = KeyService.Pools(
        generation: WorkerPool(workers: 2), privateKeys: WorkerPool(workers: 2))

    /// In memory where the system has such a folder: the log waits for the disk at each change, and these tests do not test disks.
    private static let temporaryFolder =
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

    static let secret = KeyMaterial(Array("s3cretOfTheFirstAccessKey0123456".utf8))
    static let region = "cn-hangzhou"

    /// The first account, whose number ARNs have, and the second.
    static let account = account(100_000_000_001)
    static let otherAccount = account(100_000_000_002)

    let clock = ManualClock()
    let store = MemoryKeyStore()
    let backend = ThriftyBackend()
    let policies = PolicyReader(realms: Realm.builtIn)
    let kms: KeyService
    let secrets: SecretService
    let credentials: CredentialDirectory
    let tokens: TokenAuthority
    let audit: AuditLog
    let endpoint: AlibabaEndpoint
    let folder: String
    private let users = Atomic<Int64>(200_000_000_000)

    /// The clients of two accounts.
    let client: AlibabaClient
    let otherClient: AlibabaClient

    /// A client of the first account whose access key is disabled.
    let disabledClient: AlibabaClient

    init(
        limits: KeyService.Limits = .init(), secretLimits: SecretService.Limits = .init(),
        rateLimits: RateLimits = RateLimits()
    ) async throws {
        folder = Self.temporaryFolder + "alibaba-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        audit = try AuditLog(
            directory: folder + "/audit", head: folder + "/head", macKey: KeyMaterial([UInt8](repeating: 1, count: 32)),
            signingKey: KeyMaterial([UInt8](repeating: 2, count: 32)), logger: logger)
        kms = KeyService(
            store: store, backend: backend, realms: Realm.builtIn, clock: clock.wallClock,
            materialDigestKey: KeyMaterial([UInt8](repeating: 3, count: 32)), pools: Self.pools, limits: limits,
            readPolicy: { [policies] document, _ in
                policies.readStored(document, named: Policy.nameOfKeyPolicies, for: .key, account: Self.account)
            }
        ) { _, _, _ in }
        secrets = SecretService(
            store: store, kms: kms, limits: secretLimits, recordManagedKey: { _ in }, recordDeletion: { _, _ in })
        tokens = TokenAuthority(
            key: KeyMaterial([UInt8](repeating: 4, count: 32)), random: RandomSource(), clock: clock.wallClock)
        credentials = CredentialDirectory(
            store: store, backend: backend, tokens: tokens, policies: policies, clock: clock.wallClock)
        endpoint = AlibabaEndpoint(
            AlibabaParts(
                kms: kms, secrets: secrets, credentials: credentials,
                limiter: RateLimiter(rateLimits, actions: Alibaba.actionNames),
                recorder: CallRecorder(audit: audit, random: RandomSource(), logger: logger) { _, _, _, _ in },
                configuration: AlibabaConfiguration(of: Realm.builtIn)))
        client = AlibabaClient(accessKeyID: "LTAIfirst", secret: Self.secret, clock: clock)
        otherClient = AlibabaClient(
            accessKeyID: "LTAIsecond", secret: KeyMaterial(Array("anotherSecret".utf8)), clock: clock)
        disabledClient = AlibabaClient(accessKeyID: "LTAIdisabled", secret: Self.secret, clock: clock)
        let roots = try await [insert(Self.account, client), insert(Self.otherAccount, otherClient)]
        try await insertAccessKey(of: roots[0], disabledClient, isEnabled: false)
    }

    deinit {
        // The log has a thread of its own, which otherwise would live as long as the tests.
        let (audit, folder) = (audit, folder)
        Task {
            await audit.close()
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private static func account(_ number: Int64) -> Account {
        Account(
            id: AccountID(number), appID: number, domainName: "d\(number)", domainID: "d\(number)",
            createdAt: Timestamp(seconds: 0))
    }

    // Nobody here signs in by a password, the digest of which would take tens of milliseconds.

    private func insert(_ account: Account, _ client: AlibabaClient) async throws -> Identity {
        let root = Identity(
            id: "root-\(account.id)", number: IdentityNumber(account.id.number), account: account.id, name: "root",
            isRoot: true, password: nil, createdAt: clock.now)
        try await store.insert(account, root: root, accessKey: try accessKey(of: root, client), projects: [])
        return root
    }

    private func accessKey(
        of identity: Identity, _ client: AlibabaClient, isEnabled: Bool = true
    ) throws -> AccessKey {
        let row = AccessKey.wrappingIdentity(account: identity.account, id: client.accessKeyID)
        return AccessKey(
            id: client.accessKeyID, account: identity.account, identity: identity.id,
            wrappedSecret: try backend.wrap(client.secret, identity: row), isEnabled: isEnabled, createdAt: clock.now)
    }

    private func insertAccessKey(of identity: Identity, _ client: AlibabaClient, isEnabled: Bool) async throws {
        try await store.insert(try accessKey(of: identity, client, isEnabled: isEnabled))
    }

    /// A user of the first account under these policies in the vendor's language.
    func user(_ name: String, under policies: [String] = []) async throws -> AlibabaClient {
        let identity = Identity(
            id: "user-\(name)", number: IdentityNumber(users.wrappingAdd(1, ordering: .relaxed).newValue),
            account: Self.account.id, name: name, isRoot: false, password: nil, createdAt: clock.now)
        try await store.insert(identity)
        let client = AlibabaClient(
            accessKeyID: "LTAI\(name)", secret: KeyMaterial(Array("secretOf\(name)".utf8)), clock: clock)
        try await insertAccessKey(of: identity, client, isEnabled: true)
        for (index, text) in policies.enumerated() {
            let policy = StoredPolicy(
                id: "policy-\(name)-\(index)", account: Self.account.id, name: "\(name)-\(index)", description: "",
                document: PolicyDocument(language: .alibaba, text: text), createdAt: clock.now, updatedAt: clock.now)
            try await store.insert(policy)
            try await store.attach(policy: policy.id, to: .user(identity.id))
        }
        credentials.invalidate()
        return client
    }

    /// A client with temporary credentials of a user who is there already.
    func temporaryClient(of name: String, lifetime: Duration = .seconds(3600)) async throws -> AlibabaClient {
        let service = IdentityService(
            store: store, keys: store, backend: backend, credentials: credentials, tokens: tokens,
            gate: PasswordGate(workers: Self.pools.generation, random: RandomSource(), clock: clock.wallClock),
            policies: policies, accounts: AccountTable(), realms: Realm.builtIn, workers: Self.pools.generation,
            random: RandomSource(), clock: clock.wallClock)
        let root = Principal(
            account: Self.account.id, identity: "root-\(Self.account.id)",
            number: IdentityNumber(Self.account.id.number), name: "root", isRoot: true, accessKeyID: "LTAIfirst")
        let made = try await service.createTemporaryCredentials(
            forUser: name, lifetime: lifetime,
            as: Caller(
                principal: root, realm: Realm.builtIn[0], permission: .createTemporaryCredentials, access: .root))
        return AlibabaClient(
            accessKeyID: made.id, secret: made.secret, clock: clock,
            token: made.token.withUnsafeBytes { String(decoding: $0, as: UTF8.self) })
    }

    // MARK: calls

    /// Sends a request, and checks what all answers have in common.
    func answer(
        _ request: WireRequest, isXML: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> AlibabaAnswer {
        try AlibabaAnswer(
            await endpoint.respond(to: request).reply(), isXML: isXML, sourceLocation: sourceLocation)
    }

    func answer(
        _ draft: AlibabaDraft, isXML: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> AlibabaAnswer {
        try await answer(draft.wire(), isXML: isXML, sourceLocation: sourceLocation)
    }

    /// `ok`, or the code of the refusal.
    func outcome(
        _ action: String, _ parameters: [(String, String)] = [], client: AlibabaClient? = nil,
        form: AlibabaClient.Form = .acs3Post, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let request = (client ?? self.client).request(action, parameters, form: form)
        return try await answer(request, sourceLocation: sourceLocation).outcome
    }

    /// Checks what comes of a request.
    func expect(
        _ outcome: String, _ draft: AlibabaDraft, _ comment: Comment? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let answer = try await answer(draft, sourceLocation: sourceLocation)
        #expect(answer.outcome == outcome, comment, sourceLocation: sourceLocation)
    }

    /// Makes a call that must succeed.
    @discardableResult
    func call(
        _ action: String, _ parameters: [(String, String)] = [], client: AlibabaClient? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let request = (client ?? self.client).request(action, parameters)
        let answer = try await answer(request, sourceLocation: sourceLocation)
        try #require(answer.outcome == "ok", "\(action): \(answer.text)", sourceLocation: sourceLocation)
        return answer.body
    }

    /// Makes a key.
    func createKey(
        _ parameters: [(String, String)] = [], client: AlibabaClient? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let made = try await call("CreateKey", parameters, client: client, sourceLocation: sourceLocation)
        return try #require(made.value(at: "KeyMetadata.KeyId")?.text, sourceLocation: sourceLocation)
    }

    func createAlias(_ name: String, for key: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        try await call(
            "CreateAlias", [("AliasName", "alias/\(name)"), ("KeyId", key)], sourceLocation: sourceLocation)
    }

    func createSecret(
        _ name: String, _ value: String = "value", _ parameters: [(String, String)] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await call(
            "CreateSecret", [("SecretName", name), ("SecretData", value), ("VersionId", "v1")] + parameters,
            sourceLocation: sourceLocation)
    }

    /// The full name of something of the first account.
    static func arn(_ path: String, region: String = region, account: Account = account) -> String {
        "acs:kms:\(region):\(account.id):\(path)"
    }

    // MARK: the audit log

    /// All that the log's folder holds.
    func auditText() throws -> String {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/audit").sorted()
            .map { try String(contentsOfFile: "\(folder)/audit/\($0)", encoding: .utf8) }.joined()
    }

    /// The events of the dialect, in their order.
    func events() throws -> [JSONValue] {
        let text = try auditText()
        // The log's own thread may be in the middle of a checkpoint's line.
        return try text[..<(text.lastIndex(of: "\n") ?? text.startIndex)].split(separator: "\n").compactMap { line in
            let value = try JSONParser.parse(Array(line.utf8))
            return value["dialect"]?.text == "alibaba" ? value : nil
        }
    }
}
