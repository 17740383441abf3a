import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct KeyServiceTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }
    private let text = KeyMaterial(Array("text".utf8))

    // MARK: create

    @Test func `A created key is enabled and has the clock's time`() async throws {
        let id = try await fixture.create()
        let key = try #require(try await kms.describe([id], as: caller).first)
        #expect(key.state == .enabled)
        #expect(key.createdAt == fixture.clock.now)
        #expect(key.primaryVersion != nil)
        #expect(key.scope == caller.scope)
    }

    @Test func `A key for outside material waits for it`() async throws {
        let id = try await fixture.create(origin: .external)
        let key = try #require(try await kms.describe([id], as: caller).first)
        #expect(key.state == .pendingImport)
        #expect(key.primaryVersion == nil)
        await expect(.wrongKeyState) { _ = try await fixture.encrypt(under: id) }
    }

    @Test(arguments: KeySpec.allCases)
    func `A key of each spec has one version`(spec: KeySpec) async throws {
        let id = try await fixture.create(spec: spec)
        let versions = try await fixture.store.versions(of: id)
        #expect(versions.map(\.ordinal) == [1])
        #expect((versions.first?.publicKey == nil) == spec.isSymmetric)
    }

    @Test func `A taken alias makes no key`() async throws {
        _ = try await fixture.create()
        await expect(.aliasExists) { _ = try await fixture.create() }
        #expect(try await kms.list(KeyQuery(scope: caller.scope), offset: 0, limit: 10, as: caller).total == 1)
    }

    @Test func `No more keys are made than the limit says`() async throws {
        var limits = KeyService.Limits()
        limits.keysPerScope = 2
        let fixture = KeyServiceFixture(limits: limits)
        _ = try await fixture.create("a")
        _ = try await fixture.create("b")
        await expect(.tooManyKeys) { _ = try await fixture.create("c") }
        _ = try await fixture.create("c", as: KeyServiceFixture.caller(1, "east"))
    }

    @Test func `The smaller of the limits of the service and of a dialect counts`() async throws {
        var limits = KeyService.Limits()
        limits.keysPerScope = 3
        let fixture = KeyServiceFixture(limits: limits)
        func create(_ alias: String, limit: Int) async throws {
            _ = try await fixture.kms.create(
                NewKey(
                    spec: .aes256, usage: .encryptDecrypt, origin: .generated, alias: KeyAlias(checked: alias),
                    description: "", enterpriseProject: "project of \(alias)", tags: []),
                limit: limit, as: fixture.caller)
        }
        await expect(.tooManyKeys) { try await create("a", limit: 0) }
        try await create("a", limit: 1)
        await expect(.tooManyKeys) { try await create("b", limit: 1) }
        try await create("b", limit: 2)
        try await create("c", limit: 1000)
        await expect(.tooManyKeys) { try await create("d", limit: 1000) }
        let keys = try await fixture.kms.list(
            KeyQuery(scope: fixture.caller.scope), offset: 0, limit: 10, as: fixture.caller
        ).keys
        let projects = keys.map(\.enterpriseProject)
        #expect(Set(projects) == ["project of a", "project of b", "project of c"])
    }

    // MARK: use

    @Test func `What was encrypted is decrypted`() async throws {
        let ciphertext = try await fixture.encrypt(under: fixture.create())
        #expect(try await fixture.decrypt(ciphertext) == text)
        #expect(ciphertext.purpose == .data)
        #expect(ciphertext.issuedAt == UInt64(fixture.clock.now.seconds))
    }

    @Test func `A context must be the same`() async throws {
        let context = try EncryptionContext(json: Array(#"{"a":"b"}"#.utf8))
        let ciphertext = try await fixture.encrypt(under: fixture.create(), context: context)
        #expect(try await fixture.decrypt(ciphertext, context: context) == text)
        await expect(.invalidCiphertext) { _ = try await fixture.decrypt(ciphertext) }
    }

    @Test func `A data key comes in plaintext and encrypted`() async throws {
        let key = try await kms.load(fixture.create())
        let dataKey = try kms.generateDataKey(48, under: key, context: .empty, as: caller)
        #expect(dataKey.plaintext.count == 48)
        let ciphertext = try Ciphertext(dataKey.ciphertext)
        #expect(ciphertext.purpose == .dataKey)
        #expect(try await fixture.decrypt(ciphertext) == dataKey.plaintext)
    }

    @Test func `Random bytes are not the same twice`() throws {
        let first = try kms.generateRandom(32, as: caller)
        #expect(first.count == 32)
        #expect(try kms.generateRandom(32, as: caller) != first)
    }

    @Test func `An asymmetric key does not encrypt`() async throws {
        let id = try await fixture.create(spec: .ecP256)
        await expect(.invalidKeyUsage) { _ = try await fixture.encrypt(under: id) }
        let key = try await kms.load(id)
        await expect(.invalidKeyUsage) {
            _ = try kms.generateDataKey(16, under: key, context: .empty, as: caller)
        }
    }

    @Test func `A plaintext is not asked for when the key refuses`() async throws {
        let id = try await fixture.create()
        try await kms.disable([id], as: caller)
        let key = try await kms.load(id)
        let error = #expect(throws: KMSError.self) {
            try kms.encrypt(under: key, context: .empty, as: caller) { () throws(KMSError) in
                throw KMSError(.invalidPlaintext, "asked")
            }
        }
        #expect(error?.code == .keyDisabled)
    }

    // MARK: re-encryption

    private func reEncrypt(
        _ ciphertext: Ciphertext, to id: KeyID, source: EncryptionContext = .empty,
        destination: EncryptionContext = .empty,
        as caller: Caller? = nil
    ) async throws -> ReEncryption {
        try kms.reEncrypt(
            ciphertext, from: try await kms.load(KeyID(ciphertext.keyID)), context: source, to: try await kms.load(id),
            context: destination, as: caller ?? self.caller)
    }

    @Test func `The same key and context leave a ciphertext as it is`() async throws {
        let id = try await fixture.create()
        guard case .unchanged = try await reEncrypt(fixture.encrypt(under: id), to: id) else {
            Issue.record("the ciphertext was made anew")
            return
        }
    }

    @Test func `Another key or context makes a new ciphertext of the same plaintext and purpose`() async throws {
        let first = try await fixture.create("a")
        let second = try await fixture.create("b")
        let context = try EncryptionContext(json: Array(#"{"a":"b"}"#.utf8))
        for (id, context) in [(second, EncryptionContext.empty), (first, context), (second, context)] {
            let dataKey = try kms.generateDataKey(16, under: try await kms.load(first), context: .empty, as: caller)
            let outcome = try await reEncrypt(Ciphertext(dataKey.ciphertext), to: id, destination: context)
            guard case .reEncrypted(let bytes) = outcome else {
                Issue.record("the ciphertext stayed as it was")
                continue
            }
            let moved = try Ciphertext(bytes)
            #expect(moved.keyID == id.value)
            #expect(moved.purpose == .dataKey)
            #expect(try await fixture.decrypt(moved, context: context) == dataKey.plaintext)
        }
    }

    @Test func `Re-encryption asks both keys, and the ciphertext first`() async throws {
        let first = try await fixture.create("a")
        let second = try await fixture.create("b")
        let ciphertext = try await fixture.encrypt(under: first)
        let context = try EncryptionContext(json: Array(#"{"a":"b"}"#.utf8))
        await expect(.invalidCiphertext) { _ = try await reEncrypt(ciphertext, to: second, source: context) }
        try await kms.disable([second], as: caller)
        await expect(.keyDisabled) { _ = try await reEncrypt(ciphertext, to: second) }
        try await kms.disable([first], as: caller)
        try await kms.enable([second], as: caller)
        await expect(.keyDisabled) { _ = try await reEncrypt(ciphertext, to: second) }
    }

    // MARK: isolation

    @Test(arguments: [(2, "south"), (1, "east")] as [(Int64, String)])
    func `Keys of another account or realm are unknown`(account: Int64, realm: String) async throws {
        let id = try await fixture.create()
        let ciphertext = try await fixture.encrypt(under: id)
        let stranger = KeyServiceFixture.caller(account, realm)
        let key = try await kms.load(id)

        await expect(.keyNotFound) { _ = try await kms.describe([id], as: stranger) }
        await expect(.keyNotFound) { try await kms.enable([id], as: stranger) }
        await expect(.keyNotFound) { try await kms.disable([id], as: stranger) }
        await expect(.keyNotFound) {
            _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .anyUsableState, as: stranger)
        }
        await expect(.keyNotFound) { try await kms.cancelDeletion(of: id, as: stranger) }
        await expect(.keyNotFound) { try await kms.updateAlias(of: id, to: KeyAlias(checked: "x"), as: stranger) }
        await expect(.keyNotFound) { try await kms.updateDescription(of: id, to: "x", as: stranger) }
        await expect(.keyNotFound) { _ = try await fixture.encrypt(under: id, as: stranger) }
        await expect(.keyNotFound) { _ = try kms.generateDataKey(16, under: key, context: .empty, as: stranger) }
        await expect(.invalidCiphertext) { _ = try await fixture.decrypt(ciphertext, as: stranger) }
        #expect(try await kms.list(KeyQuery(scope: stranger.scope), offset: 0, limit: 10, as: stranger).total == 0)
        _ = try await fixture.create("app", as: stranger)
        #expect(try await fixture.decrypt(ciphertext) == text)
    }

    @Test func `An unknown key is not found`() async {
        await expect(.keyNotFound) { _ = try await kms.load(KeyID(1)) }
        await expect(.keyNotFound) { _ = try await kms.describe([KeyID(1)], as: caller) }
    }

    @Test func `Who is not the root of the account may do nothing`() async throws {
        let id = try await fixture.create()
        let ciphertext = try await fixture.encrypt(under: id)
        let user = KeyServiceFixture.caller(1, "south", isRoot: false)
        await expect(.accessDenied) { _ = try await fixture.create("b", as: user) }
        await expect(.accessDenied) { _ = try await kms.describe([id], as: user) }
        await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: user) }
        await expect(.accessDenied) { _ = try await fixture.decrypt(ciphertext, as: user) }
        await expect(.accessDenied) { _ = try kms.generateRandom(1, as: user) }
        await expect(.accessDenied) { try await kms.disable([id], as: user) }
        await expect(.accessDenied) {
            _ = try await kms.list(KeyQuery(scope: user.scope), offset: 0, limit: 1, as: user)
        }
    }

    // MARK: sealing

    @Test func `A sealed service refuses all but what it had at hand`() async throws {
        let id = try await fixture.create()
        let ciphertext = try await fixture.encrypt(under: id)
        fixture.seal()
        #expect(kms.isSealed)
        #expect(kms.resident(id) == nil)
        await expect(.sealed) { _ = try await fixture.create("b") }
        await expect(.sealed) { _ = try await fixture.encrypt(under: id) }
        await expect(.sealed) { _ = try await fixture.decrypt(ciphertext) }
        await expect(.sealed) { try await kms.disable([id], as: caller) }
    }
}
