import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct KeyServiceRotationTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }
    private let text = KeyMaterial(Array("text".utf8))

    @Test(arguments: [KeySpec.aes256, .sm4])
    func `After every rotation all older ciphertexts decrypt, and new ones name the new version`(
        spec: KeySpec
    ) async throws {
        let id = try await fixture.create(spec: spec)
        var ciphertexts = [try await fixture.encrypt(under: id)]
        for _ in 0..<5 {
            let version = try await kms.rotate(id, as: caller)
            ciphertexts.append(try await fixture.encrypt(under: id))
            #expect(ciphertexts.last?.keyVersionID == version.value)
        }
        #expect(Set(ciphertexts.map(\.keyVersionID)).count == 6)
        for ciphertext in ciphertexts { #expect(try await fixture.decrypt(ciphertext) == text) }
        #expect(try await fixture.store.versions(of: id).map(\.ordinal) == Array(1...6))
    }

    @Test func `Re-encryption moves a ciphertext to the newest version, once`() async throws {
        let id = try await fixture.create()
        let old = try await fixture.encrypt(under: id)
        let version = try await kms.rotate(id, as: caller)
        let key = try await kms.load(id)
        guard
            case .reEncrypted(let bytes) = try kms.reEncrypt(
                old, from: key, context: .empty, to: key, context: .empty, as: caller)
        else {
            Issue.record("an old ciphertext stayed as it was")
            return
        }
        let new = try Ciphertext(bytes)
        #expect(new.keyVersionID == version.value)
        #expect(try await fixture.decrypt(new) == text)
        guard
            case .unchanged = try kms.reEncrypt(new, from: key, context: .empty, to: key, context: .empty, as: caller)
        else {
            Issue.record("a new ciphertext was changed")
            return
        }
    }

    @Test func `Rotation is carried out on its second, by the worker, and counts from then`() async throws {
        let id = try await fixture.create()
        try await kms.enableRotation(of: id, every: .days(7), as: caller)
        let due = fixture.clock.now + .days(7)
        fixture.clock.advance(by: .days(7) - .seconds(1))
        #expect(try await kms.carryOut(.rotation).done.isEmpty)
        fixture.clock.advance(by: .seconds(1))
        #expect(try await kms.carryOut(.rotation).done.map(\.id) == [id])
        let key = try await kms.describe([id], as: caller)[0]
        #expect(key.lastRotation == due)
        #expect(key.rotationPolicy?.nextRotation == due + .days(7))
        #expect(try await kms.carryOut(.rotation).done.isEmpty)
        #expect(try await fixture.store.versions(of: id).count == 2)
    }

    @Test func `A rotation that was missed for long is made up for once`() async throws {
        let id = try await fixture.create()
        let old = try await fixture.encrypt(under: id)
        try await kms.enableRotation(of: id, every: .days(7), as: caller)
        fixture.clock.advance(by: .days(1000))
        _ = try await kms.carryOut(.rotation)
        _ = try await kms.carryOut(.rotation)
        #expect(try await fixture.store.versions(of: id).count == 2)
        let next = try await kms.rotationPolicy(of: id, as: caller)?.nextRotation
        #expect(next == fixture.clock.now + .days(7))
        #expect(try await fixture.decrypt(old) == text)
    }

    @Test func `A disabled key rotates when it is enabled again`() async throws {
        let id = try await fixture.create()
        try await kms.enableRotation(of: id, every: .days(7), as: caller)
        try await kms.disable([id], as: caller)
        fixture.clock.advance(by: .days(8))
        #expect(try await kms.carryOut(.rotation).done.isEmpty)
        try await kms.enable([id], as: caller)
        #expect(try await kms.carryOut(.rotation).done.map(\.id) == [id])
    }

    @Test func `A rotation that cannot be recorded is not made`() async throws {
        let id = try await fixture.create()
        try await kms.enableRotation(of: id, every: .days(7), as: caller)
        fixture.clock.advance(by: .days(7))
        fixture.log.setBroken(true)
        await expect(.auditUnavailable) { _ = try await kms.carryOut(.rotation) }
        fixture.log.setBroken(false)
        #expect(try await fixture.store.versions(of: id).count == 1)
        fixture.seal()
        await expect(.sealed) { _ = try await kms.carryOut(.rotation) }
    }

    @Test func `A rotation that fails is recorded as failed, left alone for a minute, and keeps nobody waiting`()
        async throws
    {
        let broken = try await fixture.create("broken")
        let sound = try await fixture.create("sound")
        for id in [broken, sound] { try await kms.enableRotation(of: id, every: .days(7), as: caller) }
        fixture.clock.advance(by: .days(7))
        fixture.store.refuseChanges(of: broken)
        let outcome = try await kms.carryOut(.rotation)
        #expect(outcome.done.map(\.id) == [sound])
        #expect(outcome.failures.map(\.key) == [broken])
        #expect(fixture.log.keys == [broken, sound])
        #expect(fixture.log.failures == [.storeUnavailable])
        fixture.clock.advance(by: .seconds(59))
        _ = try await kms.carryOut(.rotation)
        #expect(fixture.log.keys.count == 2)
        fixture.store.refuseChanges(of: nil)
        fixture.clock.advance(by: .seconds(1))
        #expect(try await kms.carryOut(.rotation).done.map(\.id) == [broken])
    }

    @Test func `By hand a key rotates up to its limit of versions, by its period beyond`() async throws {
        var limits = KeyService.Limits()
        limits.versionsByHand = 3
        let fixture = KeyServiceFixture(limits: limits)
        let id = try await fixture.create()
        for _ in 0..<2 { try await fixture.kms.rotate(id, as: fixture.caller) }
        await expect(.tooManyRotations) { try await fixture.kms.rotate(id, as: fixture.caller) }
        try await fixture.kms.enableRotation(of: id, every: .days(7), as: fixture.caller)
        fixture.clock.advance(by: .days(7))
        #expect(try await fixture.kms.carryOut(.rotation).done.count == 1)
        #expect(try await fixture.store.versions(of: id).count == 4)
    }

    // MARK: another period

    @Test func `The period of a key that rotates by itself changes, and counts from then`() async throws {
        let id = try await fixture.create()
        await expect(.rotationNotEnabled) { try await kms.changeRotation(of: id, every: .days(30), as: caller) }
        #expect(try await kms.rotationPolicy(of: id, as: caller) == nil)
        try await kms.enableRotation(of: id, every: .days(365), as: caller)
        fixture.clock.advance(by: .days(10))
        try await kms.changeRotation(of: id, every: .days(30), as: caller)
        let expected = RotationPolicy(period: .days(30), nextRotation: fixture.clock.now + .days(30))
        #expect(try await kms.rotationPolicy(of: id, as: caller) == expected)
        try await kms.disable([id], as: caller)
        try await kms.changeRotation(of: id, every: .days(31), as: caller)
        #expect(try await kms.rotationPolicy(of: id, as: caller)?.period == .days(31))
        try await kms.disableRotation(of: id, as: caller)
        await expect(.rotationNotEnabled) { try await kms.changeRotation(of: id, every: .days(30), as: caller) }
    }

    @Test func `What is wrong with the key comes before whether it rotates`() async throws {
        let external = try await fixture.create("external", origin: .external)
        await expect(.externalKeyCannotRotate) {
            try await kms.changeRotation(of: external, every: .days(30), as: caller)
        }
        let asymmetric = try await fixture.create("asymmetric", spec: .ecP256)
        await expect(.unsupportedOperation) {
            try await kms.changeRotation(of: asymmetric, every: .days(30), as: caller)
        }
        let doomed = try await fixture.createDoomed("doomed")
        await expect(.wrongKeyState) { try await kms.changeRotation(of: doomed, every: .days(30), as: caller) }
    }

    // MARK: how often

    @Test func `Rotations are counted, by hand and by the period, in any state`() async throws {
        let id = try await fixture.create()
        func count() async throws -> Int { try await kms.countRotations(of: try await kms.load(id), as: caller) }
        #expect(try await count() == 0)
        for _ in 0..<2 { try await kms.rotate(id, as: caller) }
        #expect(try await count() == 2)
        try await kms.enableRotation(of: id, every: .days(7), as: caller)
        fixture.clock.advance(by: .days(7))
        _ = try await kms.carryOut(.rotation)
        #expect(try await count() == 3)
        try await kms.disable([id], as: caller)
        #expect(try await count() == 3)
        _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .disabledFirst, as: caller)
        #expect(try await count() == 3)
        let waiting = try await fixture.create("waiting", origin: .external)
        #expect(try await kms.countRotations(of: try await kms.load(waiting), as: caller) == 0)
    }

    @Test func `Counting needs the right to`() async throws {
        let resident = try await kms.load(fixture.create())
        let user = KeyServiceFixture.user("alice").needing(.getKeyRotationStatus)
        await expect(.accessDenied) { _ = try await kms.countRotations(of: resident, as: user) }
        let reader = KeyServiceFixture.user("alice", .rule(.allow, .getKeyRotationStatus))
            .needing(.getKeyRotationStatus)
        #expect(try await kms.countRotations(of: resident, as: reader) == 0)
    }

    @Test func `Rotations at once each make a version`() async throws {
        let id = try await fixture.create()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { try await kms.rotate(id, as: caller) } }
            try await group.waitForAll()
        }
        let versions = try await fixture.store.versions(of: id)
        #expect(versions.map(\.ordinal) == Array(1...21))
        #expect(try await fixture.store.key(id)?.primaryVersion == versions.last?.id)
        let ciphertext = try await fixture.encrypt(under: id)
        #expect(try await fixture.decrypt(ciphertext) == text)
    }
}
