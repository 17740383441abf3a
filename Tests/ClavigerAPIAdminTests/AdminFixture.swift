import ClavigerAPI
import ClavigerAudit
import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Foundation
import Logging
import NIOHTTP1
import Synchronization
import Testing

@testable import ClavigerAPIAdmin

/// The dialect's endpoint over a memory store, with two accounts, an audit log in a folder of its own, and a clock that the test moves.
final class AdminFixture: Sendable {
    /// What comes of a call.
    struct Response {
        let status: Int
        let body: JSONValue

        /// The code of the error, or `ok`.
        var outcome: String { body["error"] == nil ? "ok" : body["error"]?["code"]?.text ?? "no code" }

        var message: String { body["error"]?["message"]?.text ?? "" }

        subscript(name: String) -> JSONValue? { body[name] }

        /// The texts of `items` at this name.
        func items(_ name: String) -> [String] {
            guard case .array(let items) = body["items"] else { return [] }
            return items.compactMap { $0[name]?.text }
        }
    }

    static let workers = WorkerPool(workers: 2)

    /// Making one takes a while, for the password's sake; each fixture begins with the same two.
    private static let foundations = Result { () throws(KMSError) in
        try ["operator", "customer"].map { name throws(KMSError) in
            try AccountFoundation(
                name: name, realms: Realm.builtIn, backend: SoftwareBackend.unsealed(), random: RandomSource(),
                now: SampleKey.moment)
        }
    }

    private static let temporaryFolder =
        FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm/" : NSTemporaryDirectory()

    let clock = ManualClock()
    let store = MemoryKeyStore()
    let backend = SoftwareBackend.unsealed()
    let kms: KeyService
    let credentials: CredentialDirectory
    let identities: IdentityService
    let audit: AuditLog
    let endpoint: AdminEndpoint
    let folder: String

    /// How often the server was sealed.
    let seals: SealCounter

    /// The accounts, the operator's first.
    let foundations: [AccountFoundation]

    init() async throws {
        folder = Self.temporaryFolder + "admin-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let log = try AuditLog(
            directory: folder + "/audit", head: folder + "/head", macKey: KeyMaterial([UInt8](repeating: 1, count: 32)),
            signingKey: KeyMaterial([UInt8](repeating: 2, count: 32)), logger: logger)
        audit = log
        let random = RandomSource()
        let policies = PolicyReader(realms: Realm.builtIn)
        let tokens = TokenAuthority(
            key: KeyMaterial([UInt8](repeating: 4, count: 32)), random: random, clock: clock.wallClock)
        credentials = CredentialDirectory(
            store: store, backend: backend, tokens: tokens, policies: policies, clock: clock.wallClock)
        let gate = PasswordGate(workers: Self.workers, random: random, clock: clock.wallClock) { _ in }
        let accounts = AccountTable()
        identities = IdentityService(
            store: store, keys: store, backend: backend, credentials: credentials, tokens: tokens, gate: gate,
            policies: policies, accounts: accounts, realms: Realm.builtIn, workers: Self.workers, random: random,
            clock: clock.wallClock)
        foundations = try Self.foundations.get()
        kms = KeyService(
            store: store, backend: backend, realms: Realm.builtIn, clock: clock.wallClock,
            materialDigestKey: KeyMaterial([UInt8](repeating: 3, count: 32)),
            pools: KeyService.Pools(generation: Self.workers, privateKeys: Self.workers)
        ) { document, account in
            accounts[account].map { policies.readStored(document, named: "key-policy", for: .key, account: $0) }
        } recordDueWork: { _, _, _ in
        }
        let recorder = CallRecorder(audit: log, random: random, logger: logger) { _, _, _, _ in }
        let seals = SealCounter()
        self.seals = seals
        endpoint = AdminEndpoint(
            kms: kms, identities: identities, credentials: credentials, store: store,
            audit: AuditSearch(directory: folder + "/audit"), searches: Self.workers,
            limiter: RateLimiter(.none, actions: []), recorder: recorder,
            server: AdminServer(
                status: {
                    AdminServerStatus(
                        version: "1.2.3", startedAt: SampleKey.moment, accounts: 2, storeWorks: true,
                        auditIsHealthy: log.isHealthy, auditLastSequence: 7)
                },
                seal: { [folder] in seals.note(logIn: folder) }))
        for foundation in foundations {
            try await store.insert(
                foundation.account, root: foundation.root, accessKey: foundation.accessKey,
                projects: foundation.projects)
        }
        try await accounts.load(from: store)
    }

    deinit {
        // The log has a thread of its own, which otherwise would live as long as the tests.
        let (audit, folder) = (audit, folder)
        Task {
            await audit.close()
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    // MARK: clients

    /// The root of the operator's account.
    var root: AdminClient { root(of: 0) }

    /// The root of the other account.
    var otherRoot: AdminClient { root(of: 1) }

    var anybody: AdminClient { .anybody(clock) }

    private func root(of account: Int) -> AdminClient {
        let foundation = foundations[account]
        return AdminClient(
            proof: .accessKey(id: foundation.accessKey.id, secret: foundation.secret, token: nil), clock: clock)
    }

    /// The client of an answer that has `id` and `secret`, and perhaps `token`.
    func client(_ answer: Response) -> AdminClient {
        AdminClient(
            proof: .accessKey(
                id: answer["id"]?.text ?? "", secret: KeyMaterial(Array((answer["secret"]?.text ?? "").utf8)),
                token: answer["token"]?.text),
            clock: clock)
    }

    /// Makes a user with an access key, whose one policy has these statements.
    func user(_ name: String, as root: AdminClient? = nil, allowing statements: String? = nil) async throws
        -> AdminClient
    {
        let root = root ?? self.root
        try await call(root, .POST, "/users", #"{"name":"\#(name)"}"#)
        if let statements {
            try await call(
                root, .POST, "/policies",
                #"{"name":"of-\#(name)","document":{"version":"2.0","statement":[\#(statements)]}}"#)
            try await call(root, .PUT, "/users/\(name)/policies/of-\(name)")
        }
        return client(try await call(root, .POST, "/users/\(name)/access-keys"))
    }

    func session(_ user: String, _ password: String, account: String = "operator") async throws -> AdminClient {
        let opened = try await call(
            anybody, .POST, "/sessions", #"{"account":"\#(account)","user":"\#(user)","password":"\#(password)"}"#)
        return AdminClient(proof: .session(opened["token"]?.text ?? ""), clock: clock)
    }

    // MARK: calls

    /// Sends a request and checks what every answer has in common.
    @discardableResult
    func send(_ request: WireRequest, sourceLocation: SourceLocation = #_sourceLocation) async throws -> Response {
        let reply = await endpoint.respond(to: request).reply()
        #expect(reply.contentType == "application/json", sourceLocation: sourceLocation)
        let body = try JSONParser.parse(reply.body)
        let response = Response(status: reply.status, body: body)
        if !request.path.elementsEqual("/admin/v1/openapi.json".utf8) {
            let requestID = try #require(body["requestId"]?.text, sourceLocation: sourceLocation)
            #expect(UUIDText.parse(requestID.utf8) != nil, sourceLocation: sourceLocation)
        }
        #expect((200...201 ~= reply.status) == (response.outcome == "ok"), sourceLocation: sourceLocation)
        return response
    }

    /// Makes a call.
    func send(
        _ client: AdminClient, _ method: HTTPMethod, _ path: String, _ body: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Response {
        try await send(client.request(method, path, body), sourceLocation: sourceLocation)
    }

    /// Makes a call that must succeed, and holds its answer to the table.
    @discardableResult
    func call(
        _ client: AdminClient, _ method: HTTPMethod, _ path: String, _ body: String = "",
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Response {
        let response = try await send(client, method, path, body, sourceLocation: sourceLocation)
        try #require(
            response.outcome == "ok", "\(method) \(path): \(response.outcome) \(response.message)",
            sourceLocation: sourceLocation)
        let operation = try #require(Self.operation(method, path), sourceLocation: sourceLocation)
        #expect(response.status == operation.status, "\(operation.name)", sourceLocation: sourceLocation)
        guard operation.name != "GetOpenAPI" else { return response }
        #expect(throws: Never.self, "\(operation.name)", sourceLocation: sourceLocation) {
            guard case .object(let members) = response.body else { throw KMSError(.invalidParameter, "no object") }
            _ = try ParameterValues(
                members, table: operation.schema.fields + [.required("requestId", .string)])
        }
        return response
    }

    /// Makes a call that must be refused so.
    func expect(
        _ code: KMSError.Code, _ status: Int, _ client: AdminClient, _ method: HTTPMethod, _ path: String,
        _ body: String = "", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expect(code, status, client.request(method, path, body), sourceLocation: sourceLocation)
    }

    func expect(
        _ code: KMSError.Code, _ status: Int, _ request: WireRequest,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let response = try await send(request, sourceLocation: sourceLocation)
        let text = "\(request.method) \(String(decoding: request.path, as: UTF8.self)): \(response.message)"
        #expect(response.outcome == code.rawValue, "\(text)", sourceLocation: sourceLocation)
        #expect(response.status == status, "\(text)", sourceLocation: sourceLocation)
        #expect(!response.message.isEmpty, sourceLocation: sourceLocation)
    }

    /// The row that a call is of.
    static func operation(_ method: HTTPMethod, _ path: String) -> AdminOperation? {
        let segments = path.prefix { $0 != "?" }.split(separator: "/").map { String($0) }
        return Admin.operations.first { $0.route.method == method && $0.route.match(segments) != nil }
    }

    // MARK: keys

    /// Makes a key of the operator's account in the first region.
    func makeKey(alias: String = "app") async throws -> KeyID {
        let root = foundations[0]
        let caller = Caller(
            principal: Principal(
                account: root.account.id, identity: root.root.id, number: root.root.number, name: root.root.name,
                isRoot: true, accessKeyID: root.accessKey.id),
            realm: kms.realms[0], permission: .createKey, access: .root)
        return try await kms.create(
            NewKey(
                spec: .aes256, usage: .encryptDecrypt, origin: .generated, alias: KeyAlias(checked: alias),
                description: "", tags: []),
            as: caller
        ).id
    }

    // MARK: the audit log

    /// All that the log's folder holds.
    func auditText() throws -> String { try Self.auditText(in: folder) }

    fileprivate static func auditText(in folder: String) throws -> String {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/audit").sorted()
            .map { try String(contentsOfFile: "\(folder)/audit/\($0)", encoding: .utf8) }.joined()
    }

    /// The dialect's events, in their order.
    func events() throws -> [JSONValue] {
        let text = try auditText()
        // The log's own thread may be in the middle of a checkpoint's line.
        return try text[..<(text.lastIndex(of: "\n") ?? text.startIndex)].split(separator: "\n").compactMap { line in
            let value = try JSONParser.parse(Array(line.utf8))
            return value["dialect"]?.text == Admin.name ? value : nil
        }
    }
}

/// Counts how often the server was sealed, and remembers whether the log had the call by then.
final class SealCounter: Sendable {
    let count = Atomic<Int>(0)
    let wasRecorded = Atomic<Bool>(false)

    fileprivate func note(logIn folder: String) {
        count.wrappingAdd(1, ordering: .relaxed)
        let log = try? AdminFixture.auditText(in: folder)
        wasRecorded.store(log?.contains(#""action":"SealServer""#) == true, ordering: .relaxed)
    }
}

extension JSONValue {
    /// The texts of an array.
    var texts: [String] {
        guard case .array(let elements) = self else { return [] }
        return elements.compactMap(\.text)
    }

    var number: Int? {
        guard case .number(let digits) = self else { return nil }
        return Int(String(decoding: digits, as: UTF8.self))
    }
}
