import ClavigerAPI
import ClavigerAPITencent
import ClavigerAudit
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Foundation
import Logging
import Testing

/// The dialect's endpoint over a memory store, with an audit log in a folder of its own and a clock that the test moves.
final class TencentFixture: Sendable {
    private static let pools = KeyService.Pools(
        generation: WorkerPool(workers: 2), privateKeys: WorkerPool(workers: 2))

    /// In memory where the system has such a folder: the log waits for the disk at each change, and these tests do not test disks.
    private static let temporaryFolder =
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

    static let secret = KeyMaterial(Array("s3cretOfTheFirstAccessKey0123456".utf8))

    /// The first account.
    static let account = Account(
        id: AccountID(100_000_000_001), appID: 100_000_000_001, domainName: "d100000000001", domainID: "d100000000001",
        createdAt: Timestamp(seconds: 0))

    let clock = ManualClock()
    let policies = PolicyReader(realms: Realm.builtIn)
    let store = MemoryKeyStore()
    let backend = ThriftyBackend()
    let dueWork = DueWorkLog()
    let kms: KeyService
    let credentials: CredentialDirectory
    let tokens: TokenAuthority
    let audit: AuditLog
    let endpoint: TencentEndpoint
    let legacyEndpoint: TencentEndpoint
    let folder: String

    /// The clients of two accounts.
    let client: TencentClient
    let otherClient: TencentClient

    init(
        licenses: [TencentConfiguration.TSMLicense] = [], limits: KeyService.Limits = .init(),
        rateLimits: RateLimits = RateLimits()
    ) async throws {
        folder = Self.temporaryFolder + "tencent-\(UUID().uuidString)"
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
        ) { [dueWork] work, key, error throws(KMSError) in
            // Failures are recorded too, and are the service's own tests' matter.
            if error == nil { try dueWork.record(work, key) }
        }
        tokens = TokenAuthority(
            key: KeyMaterial([UInt8](repeating: 4, count: 32)), random: RandomSource(), clock: clock.wallClock)
        credentials = CredentialDirectory(
            store: store, backend: backend, tokens: tokens, policies: policies, clock: clock.wallClock)
        let limiter = RateLimiter(rateLimits, actions: Tencent.documentedRates.keys.sorted())
        let recorder = CallRecorder(audit: audit, random: RandomSource(), logger: logger) { _, _, _, _ in }
        let configuration = TencentConfiguration(licenses: licenses)
        endpoint = TencentEndpoint(
            kms: kms, credentials: credentials, limiter: limiter, recorder: recorder, configuration: configuration)
        legacyEndpoint = TencentEndpoint(
            legacy: kms, credentials: credentials, limiter: limiter, recorder: recorder, configuration: configuration)
        client = TencentClient(accessKeyID: "AKIDfirst", secret: Self.secret, clock: clock)
        otherClient = TencentClient(
            accessKeyID: "AKIDsecond", secret: KeyMaterial(Array("anotherSecret".utf8)), clock: clock)
        try await insertAccount(100_000_000_001, client)
        try await insertAccount(100_000_000_002, otherClient)
        try await insertAccount(
            100_000_000_003,
            TencentClient(accessKeyID: "AKIDdisabled", secret: Self.secret, clock: clock), isEnabled: false)
    }

    deinit {
        // The log has a thread of its own, which otherwise would live as long as the tests.
        let (audit, folder) = (audit, folder)
        Task {
            await audit.close()
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    private func insertAccount(_ number: Int64, _ client: TencentClient, isEnabled: Bool = true) async throws {
        let account = AccountID(number)
        let root = Identity(
            id: "root-\(number)", number: IdentityNumber(number), account: account, name: "root", isRoot: true,
            password: nil, createdAt: clock.now)
        let identity = AccessKey.wrappingIdentity(account: account, id: client.accessKeyID)
        try await store.insert(
            Account(
                id: account, appID: number, domainName: "d\(number)", domainID: "d\(number)", createdAt: clock.now),
            root: root,
            accessKey: AccessKey(
                id: client.accessKeyID, account: account, identity: root.id,
                wrappedSecret: try backend.wrap(client.secret, identity: identity), isEnabled: isEnabled,
                createdAt: clock.now),
            projects: [])
    }

    /// A user of the first account under these policies, one of each language's text.
    func user(_ name: String, number: Int64 = 200_000_000_001, under documents: [PolicyDocument]) async throws
        -> TencentClient
    {
        let identity = Identity(
            id: "user-\(name)", number: IdentityNumber(number), account: Self.account.id, name: name, isRoot: false,
            password: nil, createdAt: clock.now)
        try await store.insert(identity)
        let client = TencentClient(
            accessKeyID: "AKID\(name)", secret: KeyMaterial(Array("secretOf\(name)".utf8)), clock: clock)
        let row = AccessKey.wrappingIdentity(account: Self.account.id, id: client.accessKeyID)
        try await store.insert(
            AccessKey(
                id: client.accessKeyID, account: Self.account.id, identity: identity.id,
                wrappedSecret: try backend.wrap(client.secret, identity: row), isEnabled: true, createdAt: clock.now))
        for (index, document) in documents.enumerated() {
            let policy = StoredPolicy(
                id: "policy-\(name)-\(index)", account: Self.account.id, name: "\(name)-\(index)", description: "",
                document: document, createdAt: clock.now, updatedAt: clock.now)
            try await store.insert(policy)
            try await store.attach(policy: policy.id, to: .user(identity.id))
        }
        credentials.invalidate()
        return client
    }

    /// Administration of the first account, by its root.
    func identities() -> (service: IdentityService, root: Caller) {
        let gate = PasswordGate(workers: Self.pools.generation, random: RandomSource(), clock: clock.wallClock)
        let service = IdentityService(
            store: store, keys: store, backend: backend, credentials: credentials, tokens: tokens, gate: gate,
            policies: policies, accounts: AccountTable(), realms: Realm.builtIn, workers: Self.pools.generation,
            random: RandomSource(), clock: clock.wallClock)
        let root = Principal(
            account: Self.account.id, identity: "root-\(Self.account.id)",
            number: IdentityNumber(Self.account.id.number), name: "root", isRoot: true, accessKeyID: "AKIDfirst")
        return (
            service,
            Caller(
                principal: root, realm: Realm.builtIn[0], permission: .createTemporaryCredentials, access: .root)
        )
    }

    // MARK: calls

    func send(_ request: WireRequest) async -> Reply {
        await endpoint.respond(to: request).reply()
    }

    /// Sends a call and checks what every answer has in common.
    ///
    /// - Returns: the members of `Response` without RequestId.
    func response(
        _ request: WireRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [JSONValue.Member] {
        let reply = await send(request)
        #expect(reply.status == 200, sourceLocation: sourceLocation)
        #expect(reply.contentType == "application/json", sourceLocation: sourceLocation)
        let whole = try JSONParser.parse(reply.body)
        guard case .object(let outer) = whole, outer.count == 1, case .object(let members) = whole["Response"] else {
            Issue.record(
                "nothing but Response: \(String(decoding: reply.body, as: UTF8.self))", sourceLocation: sourceLocation)
            return []
        }
        let requestID = try #require(whole["Response"]?["RequestId"]?.text, sourceLocation: sourceLocation)
        #expect(UUIDText.parse(requestID.utf8) != nil, sourceLocation: sourceLocation)
        return members.filter { !$0.name.elementsEqual("RequestId".utf8) }
    }

    /// The error code of a call, or `ok`.
    func outcome(_ request: WireRequest, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
        let response = JSONValue.object(try await response(request, sourceLocation: sourceLocation))
        guard let error = response["Error"] else { return "ok" }
        #expect(error["Message"]?.text?.isEmpty == false, sourceLocation: sourceLocation)
        return error["Code"]?.text ?? "no code"
    }

    /// The error code of a call of the first account, or `ok`.
    func outcome(
        _ action: String, _ parameters: [String: any ParameterText], region: String? = "ap-guangzhou",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        try await outcome(
            client.request(action, JSONValue(parameters), region: region), sourceLocation: sourceLocation)
    }

    /// Makes a call of the first account that must succeed.
    @discardableResult
    func call(
        _ action: String, _ parameters: [String: any ParameterText], region: String? = "ap-guangzhou",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let request = client.request(action, JSONValue(parameters), region: region)
        let response = JSONValue.object(try await response(request, sourceLocation: sourceLocation))
        try #require(response["Error"] == nil, "\(action): \(response)", sourceLocation: sourceLocation)
        return response
    }

    /// Makes a call of the first account that must succeed.
    func call(
        _ action: String, _ json: String = "{}", region: String? = "ap-guangzhou",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let request = client.request(action, try JSONParser.parse(Array(json.utf8)), region: region)
        let response = JSONValue.object(try await response(request, sourceLocation: sourceLocation))
        try #require(response["Error"] == nil, "\(action): \(response)", sourceLocation: sourceLocation)
        return response
    }

    func createKey(_ alias: String = "app", region: String = "ap-guangzhou") async throws -> String {
        try #require(try await call("CreateKey", ["Alias": alias], region: region)["KeyId"]?.text)
    }

    /// Makes a key for a usage of asymmetric keys.
    func createKey(usage: String, alias: String = "app") async throws -> String {
        try #require(try await call("CreateKey", ["Alias": alias, "KeyUsage": usage])["KeyId"]?.text)
    }

    /// The members of KeyMetadata.
    func metadata(of key: String, region: String = "ap-guangzhou") async throws -> JSONValue {
        try #require(try await call("DescribeKey", ["KeyId": key], region: region)["KeyMetadata"])
    }

    func state(of key: String, region: String = "ap-guangzhou") async throws -> String? {
        try await metadata(of: key, region: region)["KeyState"]?.text
    }

    // MARK: the legacy API

    /// Sends a call of the legacy API and checks what every answer has in common.
    func legacyAnswer(
        _ request: WireRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> LegacyAnswer {
        let reply = await legacyEndpoint.respond(to: request).reply()
        #expect(reply.status == 200, sourceLocation: sourceLocation)
        #expect(reply.contentType == "application/json", sourceLocation: sourceLocation)
        return try LegacyAnswer(reply.body, sourceLocation: sourceLocation)
    }

    /// `ok`, or the number and the words of a refusal.
    func legacyOutcome(
        _ request: WireRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
        try await legacyAnswer(request, sourceLocation: sourceLocation).outcome
    }

    /// Makes a call of the first account over the legacy API that must succeed.
    @discardableResult
    func legacyCall(
        _ action: String, _ parameters: [String: any ParameterText] = [:], region: String? = nil,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> JSONValue {
        let request = client.legacyRequest(action, JSONValue(parameters), region: region)
        let answer = try await legacyAnswer(request, sourceLocation: sourceLocation)
        try #require(answer.outcome == "ok", "\(action): \(answer)", sourceLocation: sourceLocation)
        return answer.members
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
            return value["dialect"]?.text == "tencent" ? value : nil
        }
    }
}
