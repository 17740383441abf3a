import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Synchronization
import Testing

/// What the service has recorded as done by itself.
final class DueWorkLog: Sendable {
    private struct State {
        var entries: [(DueWork, KeyID)] = []
        var failures: [KMSError.Code] = []
        var isBroken = false
    }

    private let state = Mutex(State())

    var works: [DueWork] { state.withLock { $0.entries.map(\.0) } }
    var keys: [KeyID] { state.withLock { $0.entries.map(\.1) } }

    var failures: [KMSError.Code] { state.withLock { $0.failures } }

    /// Lets recording fail, or work again.
    func setBroken(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

    func record(_ work: DueWork, _ key: Key, _ error: KMSError?) throws(KMSError) {
        try state.withLock { state throws(KMSError) in
            guard !state.isBroken else { throw KMSError(.auditUnavailable, "the disk is full") }
            if let error { state.failures.append(error.code) } else { state.entries.append((work, key.id)) }
        }
    }
}

/// A key service over a memory store, a software backend and a clock that the test moves.
struct KeyServiceFixture: Sendable {
    private static let pools = KeyService.Pools(
        generation: WorkerPool(workers: 2), privateKeys: WorkerPool(workers: 2))

    let clock = ManualClock()
    let store = SlowKeyStore()
    let backend = SoftwareBackend.unsealed()
    let kms: KeyService
    let caller = KeyServiceFixture.caller(1, "south")

    let log = DueWorkLog()

    /// - Parameter serverSecret: the byte of which the server's key for digests of material is made.
    init(limits: KeyService.Limits = KeyService.Limits(), serverSecret: UInt8 = 3) {
        kms = KeyService(
            store: store, backend: backend, realms: Realm.builtIn, clock: clock.wallClock,
            materialDigestKey: KeyMaterial([UInt8](repeating: serverSecret, count: 32)), pools: Self.pools,
            limits: limits,
            readPolicy: { document, _ in Self.policy(document) }
        ) { [log] work, key, error throws(KMSError) in try log.record(work, key, error) }
    }

    /// In place of a language: "allow" allows everything, "encrypt" allows that, "unknown" belongs to an account that nobody knows, all else denies everything.
    private static func policy(_ document: PolicyDocument) -> Policy? {
        let name = Policy.nameOfKeyPolicies
        func allowing(_ permissions: PermissionSet) -> Policy {
            Policy(
                name: name,
                statements: [
                    PolicyStatement(
                        label: StatementLabel(policy: name, number: 1), effect: .allow, permissions: permissions,
                        resources: .these([.everything]))
                ])
        }
        switch document.text {
        case "allow": return allowing(.all)
        case "encrypt": return allowing(PermissionSet([.encrypt]))
        case "unknown": return nil
        default: return .denyingEverything(named: name)
        }
    }

    static func caller(_ account: Int64, _ realm: String, isRoot: Bool = true) -> Caller {
        Caller(
            principal: Principal(
                account: AccountID(account), identity: "1", number: IdentityNumber(account), name: "root",
                isRoot: isRoot, accessKeyID: "AKID"),
            realm: Realm.builtIn.first { $0.id.name == realm } ?? Realm.builtIn[0], permission: .describeKey,
            access: isRoot ? .root : Access(rights: Rights([]), facts: AccessFacts(source: "", now: SampleKey.moment)))
    }

    func create(
        _ alias: String = "app", spec: KeySpec = .aes256, origin: KeyOrigin = .generated, as caller: Caller? = nil
    ) async throws(KMSError) -> KeyID {
        try await kms.create(
            NewKey(
                spec: spec, usage: .encryptDecrypt, origin: origin, alias: KeyAlias(checked: alias), description: "",
                tags: []),
            as: caller ?? self.caller
        ).id
    }

    func encrypt(
        _ text: String = "text", under id: KeyID, context: EncryptionContext = .empty, as caller: Caller? = nil
    ) async throws(KMSError) -> Ciphertext {
        let key = try await kms.load(id)
        let bytes = try kms.encrypt(under: key, context: context, as: caller ?? self.caller) {
            KeyMaterial(Array(text.utf8))
        }
        do throws(CryptoError) { return try Ciphertext(bytes) } catch { throw .invalidCiphertext }
    }

    func decrypt(
        _ ciphertext: Ciphertext, context: EncryptionContext = .empty, as caller: Caller? = nil
    ) async throws(KMSError) -> KeyMaterial {
        let key = try await kms.load(KeyID(ciphertext.keyID))
        return try kms.decrypt(ciphertext, with: key, context: context, as: caller ?? self.caller)
    }

    /// What an operator does who seals the service.
    func seal() {
        backend.seal()
        kms.forgetMaterial()
    }

    /// A disabled key whose deletion comes after seven days.
    func createDoomed(_ alias: String = "app") async throws -> KeyID {
        let id = try await create(alias)
        try await kms.disable([id], as: caller)
        _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .disabledFirst, as: caller)
        return id
    }
}

/// Expects a call to fail with a code.
func expect(
    _ code: KMSError.Code, sourceLocation: SourceLocation = #_sourceLocation, from call: () async throws -> Void
) async {
    let error = await #expect(throws: KMSError.self, sourceLocation: sourceLocation) { try await call() }
    #expect(error?.code == code, sourceLocation: sourceLocation)
}
