import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct SecretServiceKeyTests {
    private let fixture = SecretServiceFixture()
    private var secrets: SecretService { fixture.secrets }
    private var kms: KeyService { fixture.keys.kms }
    private var caller: Caller { fixture.caller }
    private let name = SecretServiceFixture.name("db")

    // MARK: the service's own key

    @Test(arguments: [("south", KeySpec.aes256), ("guomi", .sm4)])
    func `Secrets without a chosen key share one of the service's own`(realm: String, spec: KeySpec) async throws {
        let caller = KeyServiceFixture.caller(1, realm)
        let first = try await fixture.create("a", as: caller)
        let second = try await fixture.create("b", as: caller)
        #expect(!first.hasChosenKey)
        #expect(first.encryptionKey == second.encryptionKey)
        let key = try await kms.describe([first.encryptionKey], as: caller)[0]
        #expect(key.owner == .secrets)
        #expect(key.spec == spec)
        #expect(key.aliases == [SecretService.managedKeyAlias])
        #expect(fixture.log.keys.map(\.id) == [key.id])
        #expect(try await fixture.value(of: "b", as: caller) == "one")
    }

    @Test func `First secrets at once make and record one key per account and realm`() async throws {
        let scopes: [(Int64, String)] = [(1, "south"), (1, "east"), (2, "south")]
        let codes = await outcomes(of: 30) { number throws(KMSError) in
            let (account, realm) = scopes[number % 3]
            try await fixture.create("\(number)", as: KeyServiceFixture.caller(account, realm))
        }
        #expect(codes.allSatisfy { $0 == nil })
        #expect(fixture.log.keys.count == 3)
        #expect(Set(fixture.log.keys.map(\.scope)).count == 3)
        #expect(try await fixture.allKeys().count == 1)
    }

    @Test func `A key that cannot be recorded is not made, nor a secret under it`() async throws {
        fixture.log.setBroken(true)
        await expect(.auditUnavailable) { try await fixture.create() }
        #expect(try await fixture.allKeys().isEmpty)
        await expect(.secretNotFound) { _ = try await fixture.describe() }
        fixture.log.setBroken(false)
        try await fixture.create()
    }

    @Test func `A secret with a chosen key makes no key`() async throws {
        let key = try await fixture.keys.create()
        let secret = try await fixture.create(key: key)
        #expect(secret.hasChosenKey)
        #expect(secret.encryptionKey == key)
        #expect(fixture.log.keys.isEmpty)
        #expect(try await fixture.allKeys().map(\.id) == [key])
    }

    @Test func `The service's own key needs no right to keys`() async throws {
        let user = KeyServiceFixture.user("user", .rule(.allow, .createSecret, .putSecretValue, .getSecretValue))
        for _ in 0..<2 {
            try await fixture.create(as: user.needing(.createSecret))
            try await fixture.put("two", version: "v2", as: user.needing(.putSecretValue))
            #expect(try await fixture.value(as: user.needing(.getSecretValue)) == "two")
            try await secrets.deleteAtOnce(name, as: caller)
        }
        #expect(user.access.decision?.word == "allowed")
    }

    @Test func `A user's key with the name of the service's own is not taken for it`() async throws {
        // From the time before the name was kept for the service.
        let key = SampleKey.make(SecretService.managedKeyAlias.name, in: caller.scope)
        try await fixture.keys.store.insert(key, version: nil, limit: 10)
        await expect(.aliasExists) { try await fixture.create() }
        #expect(fixture.log.keys.isEmpty)
    }

    @Test func `Values stay readable while their key rotates`() async throws {
        let key = try await fixture.keys.create()
        try await fixture.create(key: key)
        for number in 2...4 {
            try await kms.rotate(key, as: caller)
            try await fixture.put("value \(number)", version: "v\(number)")
        }
        #expect(try await fixture.value(version: "v1") == "one")
        #expect(try await fixture.value(version: "v3") == "value 3")
        // What was sealed under an older version of the key is still the same value.
        try await fixture.put("one", version: "v1")
    }

    // MARK: rights to a chosen key

    private func pattern(_ id: KeyID) -> ResourcePattern {
        ResourcePattern(kinds: .all, realms: nil, extent: .key(id, madeBy: nil))
    }

    @Test func `A chosen key needs the right to make data keys with it`() async throws {
        let (key, other) = (try await fixture.keys.create("a"), try await fixture.keys.create("b"))
        for rule in [
            PolicyStatement.rule(.allow, .encrypt, .decrypt, of: [pattern(key)]),
            .rule(.allow, .generateDataKey, of: [pattern(other)]),
        ] {
            let user = KeyServiceFixture.user("user", .rule(.allow, .createSecret), rule)
            await expect(.accessDenied) { try await fixture.create(key: key, as: user.needing(.createSecret)) }
        }
        let user = KeyServiceFixture.user(
            "user", .rule(.allow, .createSecret), .rule(.allow, .generateDataKey, of: [pattern(key)]))
        try await fixture.create(key: key, as: user.needing(.createSecret))
        await expect(.accessDenied) {
            try await fixture.create("x", key: SampleKey.id(), as: user.needing(.createSecret))
        }
        await expect(.keyNotFound) { try await fixture.create("x", key: SampleKey.id()) }
    }

    @Test func `Reading under a chosen key needs the right to decrypt with it, putting none`() async throws {
        let (key, other) = (try await fixture.keys.create("a"), try await fixture.keys.create("b"))
        try await fixture.create(key: key)
        let blind = KeyServiceFixture.user(
            "user", .rule(.allow, .getSecretValue, .putSecretValue), .rule(.allow, .decrypt, of: [pattern(other)]),
            .rule(.allow, .generateDataKey, of: [pattern(key)]))
        await expect(.accessDenied) { _ = try await fixture.value(as: blind.needing(.getSecretValue)) }
        try await fixture.put("two", version: "v2", as: blind.needing(.putSecretValue))
        let user = KeyServiceFixture.user(
            "user", .rule(.allow, .getSecretValue), .rule(.allow, .decrypt, of: [pattern(key)]))
        #expect(try await fixture.value(as: user.needing(.getSecretValue)) == "two")
    }

    @Test func `The right to decrypt with the key is no right to the value`() async throws {
        let key = try await fixture.keys.create()
        try await fixture.create(key: key)
        let user = KeyServiceFixture.user("user", .rule(.allow, .decrypt))
        await expect(.accessDenied) { _ = try await fixture.value(as: user.needing(.getSecretValue)) }
        let found = try await fixture.store.secretWithValue(name, in: caller.scope) { $0.versions.first }
        let ciphertext = try Ciphertext(try #require(found?.value).ciphertext)
        await expect(.invalidCiphertext) {
            _ = try kms.decrypt(
                ciphertext, with: try await kms.load(key), context: .empty, as: user.needing(.decrypt))
        }
    }

    // MARK: the key's state

    struct State: Sendable, CustomTestStringConvertible {
        let state: KeyState
        let encryption: KMSError.Code?
        let decryption: KMSError.Code?

        var testDescription: String { "\(state)" }

        /// Brings a key there.
        func apply(to id: KeyID, _ kms: KeyService, _ caller: Caller) async throws {
            switch state {
            case .enabled: break
            case .disabled: try await kms.disable([id], as: caller)
            case .archived: try await kms.archive(id, as: caller)
            case .pendingImport: try await kms.deleteImportedMaterial(of: id, as: caller)
            case .pendingDeletion:
                _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .anyUsableState, as: caller)
            }
        }
    }

    @Test(arguments: [
        State(state: .enabled, encryption: nil, decryption: nil),
        State(state: .disabled, encryption: .keyDisabled, decryption: .keyDisabled),
        State(state: .archived, encryption: .wrongKeyState, decryption: nil),
        State(state: .pendingImport, encryption: .wrongKeyState, decryption: .wrongKeyState),
        State(state: .pendingDeletion, encryption: .wrongKeyState, decryption: .wrongKeyState),
    ])
    func `A secret is as useful as its key`(state: State) async throws {
        let key = try await createExternal()
        try await fixture.create(key: key)
        try await state.apply(to: key, kms, caller)
        let calls: [(KMSError.Code?, () async throws(KMSError) -> Void)] = [
            (state.encryption, { () throws(KMSError) in try await fixture.create("x", key: key) }),
            (state.encryption, { () throws(KMSError) in try await fixture.put("two", version: "v2") }),
            // Also what would change nothing is compared with the value.
            (state.encryption, { () throws(KMSError) in try await fixture.put("one", version: "v1") }),
            (state.decryption, { () throws(KMSError) in _ = try await fixture.value() }),
        ]
        for (code, call) in calls {
            do throws(KMSError) {
                try await call()
                #expect(code == nil)
            } catch {
                #expect(error.code == code)
                #expect(error.keyState == state.state)
            }
        }
        // Everything else does not need the key.
        try await secrets.updateDescription(of: name, to: "new", as: caller)
        try await secrets.scheduleDeletion(of: name, after: .days(7), as: caller)
        try await secrets.restore(name, as: caller)
        try await secrets.deleteAtOnce(name, as: caller)
    }

    /// An external key with material, which can come into every state.
    private func createExternal() async throws -> KeyID {
        let id = try await fixture.keys.create("external", origin: .external)
        try await importMaterial(into: id, expiry: nil)
        return id
    }

    private func importMaterial(into id: KeyID, expiry: Timestamp?) async throws {
        let invitation = try await kms.prepareImport(
            into: id, by: .sm2, supersedesEarlier: false, as: caller)
        let wrapped = try PublicKey(spki: invitation.publicKey)
            .encrypt(KeyMaterial([UInt8](repeating: 5, count: 32)), WrappingAlgorithm.sm2.scheme)
        try await kms.importMaterial(into: id, token: invitation.token, expiry: expiry, as: caller) { wrapped }
    }

    @Test func `A key whose material has expired is as good as none, and comes back with it`() async throws {
        let key = try await fixture.keys.create("external", origin: .external)
        try await importMaterial(into: key, expiry: fixture.clock.now + .seconds(10))
        try await fixture.create(key: key)
        fixture.clock.advance(by: .seconds(10))
        await expect(.wrongKeyState) { _ = try await fixture.value() }
        await expect(.wrongKeyState) { try await fixture.put("two", version: "v2") }
        try await importMaterial(into: key, expiry: nil)
        #expect(try await fixture.value() == "one")
    }

    @Test func `A key that is gone is not found, and its secrets can still be deleted`() async throws {
        let key = try await fixture.keys.create()
        try await fixture.create(key: key)
        _ = try await kms.scheduleDeletion(of: key, after: .days(7), gate: .anyUsableState, as: caller)
        _ = try await kms.load(key)
        fixture.clock.advance(by: .days(7))
        for _ in 0..<2 {
            await expect(.keyNotFound) { _ = try await fixture.value() }
            await expect(.keyNotFound) { try await fixture.put("two", version: "v2") }
            await expect(.keyNotFound) { try await fixture.create("x", key: key) }
            _ = try await kms.carryOut(.deletion)
        }
        #expect(try await fixture.describe().encryptionKey == key)
        try await secrets.deleteAtOnce(name, as: caller)
    }

    @Test(arguments: [KeySpec.rsa2048, .sm2, .ecP256])
    func `An asymmetric key holds no secrets`(spec: KeySpec) async throws {
        let id = try await fixture.keys.create(spec: spec)
        await expect(.invalidKeyUsage) { try await fixture.create(key: id) }
        await expect(.secretNotFound) { _ = try await fixture.describe() }
    }

    @Test func `A key of another account or realm holds no secrets`() async throws {
        for other in [KeyServiceFixture.caller(2, "south"), KeyServiceFixture.caller(1, "east")] {
            let id = try await fixture.keys.create(as: other)
            await expect(.keyNotFound) { try await fixture.create(key: id) }
        }
    }

    // MARK: the order of refusals

    @Test func `First comes the right to the secret, then whether it is there, then its state, and last the key's`()
        async throws
    {
        let key = try await fixture.keys.create()
        try await fixture.create(key: key)
        try await kms.disable([key], as: caller)
        let blind = KeyServiceFixture.user("blind")
        await expect(.accessDenied) { _ = try await fixture.value(as: blind.needing(.getSecretValue)) }
        await expect(.accessDenied) { try await fixture.put("x", version: "x", as: blind.needing(.putSecretValue)) }
        await expect(.accessDenied) { try await fixture.create(key: key, as: blind.needing(.createSecret)) }
        await expect(.secretExists) { try await fixture.create(key: key) }
        await expect(.secretVersionNotFound) { _ = try await fixture.value(version: "x") }
        await expect(.keyDisabled) { _ = try await fixture.value() }
        try await secrets.scheduleDeletion(of: name, after: .days(7), as: caller)
        await expect(.secretPendingDeletion) { _ = try await fixture.value(version: "x") }
        await expect(.secretPendingDeletion) { try await fixture.put("x", version: "x") }
        await expect(.secretPendingDeletion) { try await fixture.create(key: key) }
    }
}
