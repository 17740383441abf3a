import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

/// A key service over a memory store, a software backend and a clock that the test moves.
struct KeyServiceFixture: Sendable {
    let clock = ManualClock()
    let store = SlowKeyStore()
    let backend = SoftwareBackend.unsealed()
    let kms: KeyService
    let caller = KeyServiceFixture.caller(1, "south")

    init(limits: KeyService.Limits = KeyService.Limits()) {
        kms = KeyService(
            store: store, backend: backend, realms: Realm.builtIn, clock: clock.wallClock,
            generators: WorkerPool(name: "test", workers: 1), limits: limits)
    }

    static func caller(_ account: Int64, _ realm: String, isRoot: Bool = true) -> Caller {
        Caller(
            principal: Principal(
                account: AccountID(account), identity: "1", name: "root", isRoot: isRoot, accessKeyID: "AKID"),
            realm: Realm.builtIn.first { $0.id.name == realm } ?? Realm.builtIn[0])
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
