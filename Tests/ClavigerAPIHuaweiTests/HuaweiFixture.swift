import ClavigerAPI
import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Foundation
import Logging
import Testing

@testable import ClavigerAPIHuawei
@testable import ClavigerIdentity

/// The dialect's endpoints over a memory store, with an audit log in a folder of its own and a clock that the test moves.
final class HuaweiFixture: Sendable {
    private static let pools = KeyService.Pools(
        generation: WorkerPool(workers: 2), privateKeys: WorkerPool(workers: 2))
    private static let passwordWorkers = WorkerPool(workers: 1)

    /// In memory where the system has such a folder: the log waits for the disk at each change, and these tests do not test disks.
    private static let temporaryFolder =
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

    static let url = "http://127.0.0.1:7700"
    static let password = "Correct-Horse-1"

    /// That of ``password``, made once: it takes tens of milliseconds, and nearly every test has a fixture of its own.
    private static let digest = Result {
        try PasswordRule.digest(KeyMaterial(Array(password.utf8)), salt: [UInt8](repeating: 9, count: 16))
    }

    let clock = ManualClock()
    let store = MemoryKeyStore()
    let backend = ThriftyBackend()
    let kms: KeyService
    let credentials: CredentialDirectory
    let tokens: TokenAuthority
    let identities: IdentityService
    let accounts = AccountTable()
    let projects = ProjectTable()
    let audit: AuditLog
    let endpoint: HuaweiEndpoint
    let identityEndpoint: HuaweiIdentityEndpoint
    let folder: String

    /// Accounts whose root can sign in by ``password``; both have a project in every built-in realm.
    let account: Account
    let otherAccount: Account
    let client: HuaweiClient
    let otherClient: HuaweiClient

    init(
        quota: Int = 10_000, limits: KeyService.Limits = .init(), rateLimits: RateLimits = RateLimits()
    ) async throws {
        folder = Self.temporaryFolder + "huawei-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        audit = try AuditLog(
            directory: folder + "/audit", head: folder + "/head", macKey: KeyMaterial([UInt8](repeating: 1, count: 32)),
            signingKey: KeyMaterial([UInt8](repeating: 2, count: 32)), logger: logger)
        let policies = PolicyReader(realms: Realm.builtIn)
        kms = KeyService(
            store: store, backend: backend, realms: Realm.builtIn, clock: clock.wallClock,
            materialDigestKey: KeyMaterial([UInt8](repeating: 3, count: 32)), pools: Self.pools, limits: limits,
            readPolicy: { [accounts] document, account in
                accounts[account].map {
                    policies.readStored(document, named: Policy.nameOfKeyPolicies, for: .key, account: $0)
                }
            }
        ) { _, _, _ in }
        tokens = TokenAuthority(
            key: KeyMaterial([UInt8](repeating: 4, count: 32)), random: RandomSource(), clock: clock.wallClock)
        credentials = CredentialDirectory(
            store: store, backend: backend, tokens: tokens, policies: policies, clock: clock.wallClock)
        identities = IdentityService(
            store: store, keys: store, backend: backend, credentials: credentials, tokens: tokens,
            gate: PasswordGate(workers: Self.passwordWorkers, random: RandomSource(), clock: clock.wallClock) { _ in },
            policies: policies, accounts: accounts, projects: projects, realms: Realm.builtIn,
            workers: Self.passwordWorkers,
            random: RandomSource(), clock: clock.wallClock)
        let recorder = CallRecorder(audit: audit, random: RandomSource(), logger: logger) { _, _, _, _ in }
        var configuration = HuaweiConfiguration()
        configuration.keyQuota = quota
        let parts = HuaweiParts(
            kms: kms, credentials: credentials, identities: identities, accounts: accounts, projects: projects,
            defaultKeys: DefaultKeys(kms: kms) { _ in },
            limiter: RateLimiter(rateLimits, actions: Huawei.actionNames), recorder: recorder,
            configuration: configuration, url: Self.url)
        endpoint = HuaweiEndpoint(parts)
        identityEndpoint = HuaweiIdentityEndpoint(parts)
        (account, client) = try await Self.insertAccount("first", store, backend, clock)
        (otherAccount, otherClient) = try await Self.insertAccount("second", store, backend, clock)
        try await accounts.load(from: store)
        try await projects.load(from: store)
    }

    deinit {
        // The log has a thread of its own, which otherwise would live as long as the tests.
        let (audit, folder) = (audit, folder)
        Task {
            await audit.close()
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private static func insertAccount(
        _ name: String, _ store: MemoryKeyStore, _ backend: ThriftyBackend, _ clock: ManualClock
    ) async throws -> (Account, HuaweiClient) {
        let random = RandomSource()
        let number = number(of: name)
        let account = Account(
            id: AccountID(number), appID: number, domainName: name, domainID: Hex.string(random.bytes(16)),
            createdAt: clock.now)
        let root = Identity(
            id: Hex.string(random.bytes(16)), number: IdentityNumber(number), account: account.id, name: name,
            isRoot: true, password: try digest.get(), createdAt: clock.now)
        let made = try NewAccessKey(for: root, backend: backend, random: random, now: clock.now)
        let projects = Realm.builtIn.map {
            Project(
                id: Hex.string(random.bytes(16)), account: account.id, realm: $0.id,
                name: $0.huaweiNames.first ?? $0.id.name)
        }
        try await store.insert(account, root: root, accessKey: made.accessKey, projects: projects)
        return (
            account,
            HuaweiClient(
                accessKeyID: made.accessKey.id, secret: made.secret,
                projects: Dictionary(uniqueKeysWithValues: projects.map { ($0.realm.name, $0.id) }), clock: clock)
        )
    }

    private static func number(of name: String) -> Int64 { name == "first" ? 100_000_000_001 : 100_000_000_002 }

    /// A user of the first account under these policies.
    func user(
        _ name: String, number: Int64 = 200_000_000_001, under documents: [PolicyDocument] = []
    ) async throws -> (identity: Identity, client: HuaweiClient) {
        let random = RandomSource()
        let identity = Identity(
            id: "user" + Hex.string(random.bytes(14)), number: IdentityNumber(number), account: account.id, name: name,
            isRoot: false,
            password: try Self.digest.get(),
            createdAt: clock.now)
        try await store.insert(identity, limit: 1000)
        let made = try NewAccessKey(for: identity, backend: backend, random: random, now: clock.now)
        try await store.insert(made.accessKey)
        for (index, document) in documents.enumerated() {
            let policy = StoredPolicy(
                id: Hex.string(random.bytes(16)), account: account.id, name: "\(name)-\(index)", description: "",
                document: document, createdAt: clock.now, updatedAt: clock.now)
            try await store.insert(policy, limit: 1000)
            try await store.attach(policy: policy.id, to: .user(identity.id), limit: 10)
        }
        credentials.invalidate(account.id)
        return (
            identity,
            HuaweiClient(
                accessKeyID: made.accessKey.id, secret: made.secret, projects: client.projects, clock: clock)
        )
    }

    /// A policy in the vendor's language that allows these actions, on these resources if there are any.
    static func allowing(_ actions: [String], on resources: [String] = []) -> PolicyDocument {
        func list(_ texts: [String]) -> String { "[" + texts.map { "\"\($0)\"" }.joined(separator: ",") + "]" }
        let resource = resources.isEmpty ? "" : ",\"Resource\":\(list(resources))"
        return PolicyDocument(
            language: .huawei,
            text: "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\(list(actions))\(resource)}]}")
    }

    // MARK: calls

    /// Sends a request to the endpoint that its path belongs to, and checks what all answers have in common.
    func answer(
        _ request: WireRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> HuaweiAnswer {
        let isIdentity = request.path.starts(with: "/v3/".utf8)
        let answer = isIdentity ? identityEndpoint.respond(to: request) : endpoint.respond(to: request)
        let reply = await answer.reply()
        #expect(reply.contentType == "application/json", sourceLocation: sourceLocation)
        #expect(reply.headers.contains { "\($0.name)" == "X-Request-Id" }, sourceLocation: sourceLocation)
        return try HuaweiAnswer(reply, sourceLocation: sourceLocation)
    }

    /// Makes a call of the first account that must succeed; `action` is what stands behind `kms/`.
    @discardableResult
    func call(
        _ action: String, _ json: String = "{}", realm: String = "south", client: HuaweiClient? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let request = (client ?? self.client).post(action, json, realm: realm)
        let answer = try await answer(request, sourceLocation: sourceLocation)
        try #require(answer.outcome == "ok", "\(action): \(answer.text)", sourceLocation: sourceLocation)
        return answer.body
    }

    /// `ok`, or the code of the refusal.
    func outcome(
        _ action: String, _ json: String = "{}", realm: String = "south", client: HuaweiClient? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let request = (client ?? self.client).post(action, json, realm: realm)
        return try await answer(request, sourceLocation: sourceLocation).outcome
    }

    func createKey(_ alias: String = "app", _ members: String = "", realm: String = "south") async throws -> String {
        let made = try await call("create-key", "{\"key_alias\":\"\(alias)\"\(members)}", realm: realm)
        return try #require(made["key_info"]?["key_id"]?.text)
    }

    /// The members of key_info.
    func info(of key: String, realm: String = "south") async throws -> JSONValue {
        try #require(try await call("describe-key", "{\"key_id\":\"\(key)\"}", realm: realm)["key_info"])
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
            return value["dialect"]?.text == "huawei" ? value : nil
        }
    }
}

/// An answer, read.
struct HuaweiAnswer {
    let status: Int
    let headers: [String: String]

    /// An empty object where there is no body.
    let body: JSONValue
    let text: String

    init(_ reply: Reply, sourceLocation: SourceLocation) throws {
        status = reply.status
        headers = Dictionary(reply.headers.map { ("\($0.name)", $0.value) }, uniquingKeysWith: { $1 })
        text = String(decoding: reply.body, as: UTF8.self)
        if reply.status == 204 { #expect(reply.body.isEmpty, sourceLocation: sourceLocation) }
        body = reply.body.isEmpty ? .object([]) : try JSONParser.parse(reply.body)
    }

    /// `ok`, or the code of the refusal: `KMS.0205`, `APIGW.0301`, or the number of the identity service.
    var outcome: String {
        if (200...299).contains(status) { return "ok" }
        if let code = body["error_code"]?.text { return code }
        if let code = body["error"]?["error_code"]?.text { return code }
        guard case .number(let code) = body["error"]?["code"] else { return "?" }
        return String(decoding: code, as: UTF8.self)
    }
}
