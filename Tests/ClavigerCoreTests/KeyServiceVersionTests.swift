import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct KeyServiceVersionTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }

    private func createPair(_ spec: KeySpec, _ usage: KeyUsage) async throws(KMSError) -> KeyID {
        try await kms.create(
            NewKey(
                spec: spec, usage: usage, origin: .generated, alias: nil, description: "", tags: []),
            as: caller
        ).id
    }

    private func versions(of id: KeyID, as user: Caller? = nil) async throws(KMSError) -> [KeyVersionSummary] {
        try await kms.versions(of: try await kms.load(id), as: user ?? caller)
    }

    // MARK: making versions

    @Test(arguments: [KeySpec.aes256, .sm4])
    func `A new version of a symmetric key encrypts from now on, and the old one still decrypts`(
        spec: KeySpec
    ) async throws {
        let id = try await fixture.create(spec: spec)
        let old = try await fixture.encrypt(under: id)
        fixture.clock.advance(by: .days(1))
        let version = try await kms.createVersion(of: id, limit: 50, as: caller)
        #expect(version.key == id)
        #expect(version.createdAt == fixture.clock.now)
        let key = try await kms.describe([id], as: caller)[0]
        #expect(key.primaryVersion == version.id)
        #expect(key.newestVersionDate == fixture.clock.now)
        let new = try await fixture.encrypt(under: id)
        #expect(new.keyVersionID == version.id.value)
        for ciphertext in [old, new] {
            #expect(try await fixture.decrypt(ciphertext) == KeyMaterial(Array("text".utf8)))
        }
        #expect(try await versions(of: id).map(\.id) == [KeyVersionID(old.keyVersionID), version.id])
    }

    @Test(arguments: [(KeySpec.ecP256, SignatureScheme.ecdsaSHA256), (.ecP256K, .ecdsaSHA256), (.sm2, .sm2DSA)])
    func `A new version of an asymmetric key is one more pair, and the first stays the one that nobody names`(
        spec: KeySpec, scheme: SignatureScheme
    ) async throws {
        let id = try await createPair(spec, .signVerify)
        let first = try #require(try await kms.describe([id], as: caller)[0].primaryVersion)
        fixture.clock.advance(by: .days(1))
        let second = try await kms.createVersion(of: id, limit: 50, as: caller).id
        let key = try await kms.load(id)
        #expect(key.key.primaryVersion == first)
        #expect(key.key.newestVersionDate == fixture.clock.now)
        #expect(try await versions(of: id).map(\.id) == [first, second])
        #expect(try await versions(of: id).map(\.createdAt) == [SampleKey.moment, fixture.clock.now])
        let publicKeys = try [first, second].map { try kms.publicKey(of: key, version: $0, as: caller).spki }
        #expect(publicKeys[0] != publicKeys[1])
        #expect(try kms.publicKey(of: key, as: caller).spki == publicKeys[0])
        let request = SignatureRequest(.digest([UInt8](repeating: 7, count: 32)), scheme: scheme, encoding: .der)
        let signature = try kms.sign(with: key, version: second, as: caller) { request }
        #expect(try kms.verify(with: key, version: second, as: caller) { (signature, of: request) })
        #expect(try !kms.verify(with: key, version: first, as: caller) { (signature, of: request) })
    }

    @Test func `A key with material from outside has one version, with and without its material`() async throws {
        let id = try await fixture.create(origin: .external)
        await expect(.externalKeyCannotRotate) { _ = try await kms.createVersion(of: id, limit: 50, as: caller) }
        let summary = KeyVersionSummary(id: KeyVersionID(id.value), key: id, createdAt: SampleKey.moment)
        #expect(try await versions(of: id) == [summary])
        fixture.clock.advance(by: .days(1))
        let invitation = try await kms.prepareImport(
            into: id, by: .rsaOAEPSHA256, supersedesEarlier: false, as: caller)
        let wrapped = try PublicKey(spki: invitation.publicKey)
            .encrypt(KeyMaterial([UInt8](repeating: 5, count: 32)), .rsaOAEPSHA256)
        try await kms.importMaterial(into: id, token: invitation.token, expiry: nil, as: caller) { wrapped }
        #expect(try await versions(of: id) == [summary])
        await expect(.externalKeyCannotRotate) { _ = try await kms.createVersion(of: id, limit: 50, as: caller) }
    }

    @Test(arguments: [KeySpec.aes256, .ecP256])
    func `Of calls at once no more than the limit make a version`(spec: KeySpec) async throws {
        let id = try await createPair(spec, spec.isSymmetric ? .encryptDecrypt : .signVerify)
        let codes = await outcomes(of: 12) { _ throws(KMSError) in
            _ = try await kms.createVersion(of: id, limit: 5, as: caller)
        }
        #expect(codes.count { $0 == nil } == 4)
        #expect(codes.count { $0 == .tooManyRotations } == 8)
        #expect(try await versions(of: id).count == 5)
        _ = try await kms.createVersion(of: id, limit: 6, as: caller)
    }

    @Test func `Only an enabled key gets a version, and its own kind of refusal comes first`() async throws {
        let id = try await fixture.create()
        try await kms.disable([id], as: caller)
        let error = await #expect(throws: KMSError.self) {
            _ = try await kms.createVersion(of: id, limit: 50, as: caller)
        }
        #expect(error?.code == .wrongKeyState)
        #expect(error?.keyState == .disabled)
        let external = try await fixture.create("external", origin: .external)
        await expect(.externalKeyCannotRotate) {
            _ = try await kms.createVersion(of: external, limit: 50, as: caller)
        }
        await expect(.keyNotFound) { _ = try await kms.createVersion(of: SampleKey.id(), limit: 50, as: caller) }
        let reader = KeyServiceFixture.user("reader", .rule(.allow, .describeKey))
        await expect(.accessDenied) {
            _ = try await kms.createVersion(of: id, limit: 50, as: reader.needing(.createKeyVersion))
        }
    }

    @Test func `A version by hand moves the next rotation`() async throws {
        let id = try await fixture.create()
        try await kms.enableRotation(of: id, every: .days(7), as: caller)
        fixture.clock.advance(by: .days(6))
        _ = try await kms.createVersion(of: id, limit: 50, as: caller)
        #expect(
            try await kms.rotationPolicy(of: id, as: caller)?.nextRotation == fixture.clock.now + .days(7))
    }

    // MARK: looking at versions

    @Test func `Versions are told in every state, to those who may`() async throws {
        let id = try await fixture.create()
        _ = try await kms.createVersion(of: id, limit: 50, as: caller)
        try await kms.disable([id], as: caller)
        #expect(try await versions(of: id).count == 2)
        _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .disabledFirst, as: caller)
        #expect(try await versions(of: id).count == 2)
        let user = KeyServiceFixture.user("user", .rule(.allow, .listKeyVersions))
        #expect(try await versions(of: id, as: user.needing(.listKeyVersions)).count == 2)
        await expect(.accessDenied) { _ = try await versions(of: id, as: user.needing(.describeKeyVersion)) }
        fixture.clock.advance(by: .days(7))
        await expect(.keyNotFound) { _ = try await versions(of: id) }
    }

    @Test func `A version of another key is none, also while the state keeps material away`() async throws {
        let ids = [try await createPair(.ecP256, .signVerify), try await createPair(.ecP256, .signVerify)]
        let own = try #require(try await kms.describe([ids[0]], as: caller)[0].primaryVersion)
        let others = try #require(try await kms.describe([ids[1]], as: caller)[0].primaryVersion)
        for _ in 0..<2 {
            let key = try await kms.load(ids[0])
            #expect(throws: Never.self) { try kms.requireVersion(own, of: key, as: caller) }
            await expect(.keyVersionNotFound) { try kms.requireVersion(others, of: key, as: caller) }
            let blind = KeyServiceFixture.user("blind")
            await expect(.accessDenied) { try kms.requireVersion(others, of: key, as: blind) }
            try await kms.disable([ids[0]], as: caller)
        }
    }

    // MARK: public keys

    @Test(arguments: [(KeySpec.ecP256, KeyUsage.signVerify), (.sm2, .encryptDecrypt)])
    func `The public key of every version is there in every state`(spec: KeySpec, usage: KeyUsage) async throws {
        let id = try await createPair(spec, usage)
        _ = try await kms.createVersion(of: id, limit: 50, as: caller)
        let ids = try await versions(of: id).map(\.id)
        func publicKeys() async throws -> [[UInt8]] {
            var found: [[UInt8]] = []
            for version in ids {
                found.append(
                    try await kms.publicKeyInAnyState(of: kms.load(id), version: version, as: caller).spki)
            }
            return found
        }
        let key = try await kms.load(id)
        let enabled = try ids.map { try kms.publicKey(of: key, version: $0, as: caller).spki }
        #expect(try await publicKeys() == enabled)
        try await kms.disable([id], as: caller)
        #expect(try await publicKeys() == enabled)
        await expect(.wrongKeyState) { _ = try kms.publicKey(of: try await kms.load(id), as: caller) }
        _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .disabledFirst, as: caller)
        #expect(try await publicKeys() == enabled)
        fixture.clock.advance(by: .days(7))
        await expect(.keyNotFound) { _ = try await publicKeys() }
    }

    @Test func `A public key needs a right, a version, and an asymmetric key, in this order`() async throws {
        let pair = try await kms.load(try await createPair(.ecP256, .signVerify))
        let version = try #require(pair.key.primaryVersion)
        let unknown = KeyVersionID(1)
        let user = KeyServiceFixture.user("user", .rule(.allow, .getPublicKey))
        await expect(.accessDenied) {
            _ = try await kms.publicKeyInAnyState(of: pair, version: unknown, as: user.needing(.describeKey))
        }
        await expect(.keyVersionNotFound) {
            _ = try await kms.publicKeyInAnyState(of: pair, version: unknown, as: user.needing(.getPublicKey))
        }
        _ = try await kms.publicKeyInAnyState(of: pair, version: version, as: user.needing(.getPublicKey))
        let symmetric = try await kms.load(try await fixture.create())
        await expect(.invalidKeyUsage) {
            _ = try await kms.publicKeyInAnyState(
                of: symmetric, version: try #require(symmetric.key.primaryVersion), as: caller)
        }
    }

    // MARK: rotation and deletion

    @Test func `A rotation that counts from the newest version may be due at once`() async throws {
        let id = try await fixture.create()
        fixture.clock.advance(by: .days(8))
        try await kms.enableRotationFromNewestVersion(of: id, every: .days(10), gate: .none, as: caller)
        #expect(
            try await kms.rotationPolicy(of: id, as: caller)
                == RotationPolicy(period: .days(10), nextRotation: SampleKey.moment + .days(10)))
        #expect(try await kms.carryOut(.rotation).done.isEmpty)
        try await kms.enableRotationFromNewestVersion(of: id, every: .days(7), gate: .only(.enabled), as: caller)
        #expect(try await kms.carryOut(.rotation).done.map(\.id) == [id])
        #expect(
            try await kms.rotationPolicy(of: id, as: caller)?.nextRotation == fixture.clock.now + .days(7))
        fixture.clock.advance(by: .days(1))
        try await kms.enableRotationFromNewestVersion(of: id, every: .days(30), gate: .none, as: caller)
        #expect(
            try await kms.rotationPolicy(of: id, as: caller)?.nextRotation == fixture.clock.now + .days(29))
    }

    @Test func `A gate keeps rotation and tags from being changed`() async throws {
        let id = try await fixture.create()
        try await kms.disable([id], as: caller)
        let gate = StateGate.only(.enabled)
        await expect(.wrongKeyState) {
            try await kms.enableRotationFromNewestVersion(of: id, every: .days(7), gate: gate, as: caller)
        }
        try await kms.enableRotationFromNewestVersion(of: id, every: .days(7), gate: .none, as: caller)
        await expect(.wrongKeyState) { try await kms.disableRotation(of: id, gate: gate, as: caller) }
        await expect(.wrongKeyState) {
            try await kms.addTags([KeyTag(key: "a", value: "b")], to: id, limit: 10, gate: gate, as: caller)
        }
        await expect(.wrongKeyState) {
            _ = try await kms.removeTags(named: ["a"], from: id, gate: gate, as: caller)
        }
        let external = try await fixture.create("external", origin: .external)
        await expect(.wrongKeyState) {
            try await kms.deleteImportedMaterial(of: external, gate: gate, as: caller)
        }
        #expect(try await kms.rotationPolicy(of: id, as: caller) != nil)
        #expect(try await kms.describe([id], as: caller)[0].tags.isEmpty)
    }

    @Test func `A key can be made with its rotation, and one that does not rotate is not made`() async throws {
        func create(_ spec: KeySpec, _ origin: KeyOrigin) async throws(KMSError) -> Key {
            try await kms.create(
                NewKey(
                    spec: spec, usage: .encryptDecrypt, origin: origin, alias: nil, rotationPeriod: .days(7),
                    description: "", tags: []), as: caller)
        }
        let key = try await create(.aes256, .generated)
        #expect(
            try await kms.rotationPolicy(of: key.id, as: caller)
                == RotationPolicy(period: .days(7), nextRotation: SampleKey.moment + .days(7)))
        #expect(key.aliases.isEmpty)
        await expect(.externalKeyCannotRotate) { _ = try await create(.aes256, .external) }
        await expect(.unsupportedOperation) { _ = try await create(.sm2, .generated) }
        #expect(try await kms.list(KeyQuery(scope: caller.scope), offset: 0, limit: 10, as: caller).total == 1)
    }

    @Test(arguments: [(Key.StateAfterCancellation.disabled, KeyState.disabled), (.enabled, .enabled)])
    func `A cancelled deletion leaves the key as the dialect says, or waiting for material`(
        next: Key.StateAfterCancellation, state: KeyState
    ) async throws {
        let id = try await fixture.create()
        let ciphertext = try await fixture.encrypt(under: id)
        _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .anyUsableState, as: caller)
        #expect(try await kms.cancelDeletion(of: id, to: next, as: caller).state == state)
        #expect(try await kms.describe([id], as: caller)[0].state == state)
        if state == .enabled { _ = try await fixture.decrypt(ciphertext) }
        let external = try await fixture.create("external", origin: .external)
        _ = try await kms.scheduleDeletion(of: external, after: .days(7), gate: .anyUsableState, as: caller)
        #expect(try await kms.cancelDeletion(of: external, to: next, as: caller).state == .pendingImport)
        await expect(.keyNotPendingDeletion) { try await kms.cancelDeletion(of: id, to: next, as: caller) }
    }
}
