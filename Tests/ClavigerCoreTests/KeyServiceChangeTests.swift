import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerCore

@Suite struct KeyServiceChangeTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }

    // MARK: the cache

    @Test func `A change is seen by the next use`() async throws {
        let id = try await fixture.create()
        let ciphertext = try await fixture.encrypt(under: id)
        for _ in 0..<3 {
            try await kms.disable([id], as: caller)
            await expect(.keyDisabled) { _ = try await fixture.encrypt(under: id) }
            await expect(.keyDisabled) { _ = try await fixture.decrypt(ciphertext) }
            try await kms.enable([id], as: caller)
            _ = try await fixture.encrypt(under: id)
            _ = try await fixture.decrypt(ciphertext)
        }
    }

    @Test func `A disabled key has no material in memory`() async throws {
        let id = try await fixture.create()
        _ = try await fixture.encrypt(under: id)
        #expect(kms.resident(id)?.versions.count == 1)
        try await kms.disable([id], as: caller)
        #expect(kms.resident(id) == nil)
        let loaded = try await kms.load(id)
        #expect(loaded.versions.isEmpty)
        #expect(loaded.primary == nil)
    }

    @Test func `Material is gone when the last use has ended`() async throws {
        let id = try await fixture.create()
        weak var resident: ResidentKey?
        do {
            let loaded = try await kms.load(id)
            resident = loaded
            try await kms.disable([id], as: caller)
            #expect(loaded.primary != nil)
        }
        #expect(resident == nil)
    }

    @Test func `A slow reader does not bring back the state from before a change`() async throws {
        let id = try await fixture.create()
        fixture.store.hold()
        async let slow = kms.load(id)
        await fixture.store.waitUntilRead()
        try await kms.disable([id], as: caller)
        fixture.store.release()
        #expect(try await slow.key.state == .disabled)
        #expect(kms.resident(id)?.key.state == .disabled)
    }

    @Test func `A slow reader does not fill a cache that was emptied`() async throws {
        let id = try await fixture.create()
        fixture.store.hold()
        let slow = Task { [kms] in try await kms.load(id) }
        await fixture.store.waitUntilRead()
        fixture.seal()
        fixture.store.release()
        await expect(.sealed) { _ = try await slow.value }
        #expect(kms.resident(id) == nil)
    }

    @Test func `A failed change does not leave an old entry`() async throws {
        let id = try await fixture.create("a")
        _ = try await fixture.create("b")
        _ = try await kms.load(id)
        await expect(.aliasExists) { try await kms.updateAlias(of: id, to: KeyAlias(checked: "b"), as: caller) }
        #expect(kms.resident(id) == nil)
        #expect(try await kms.describe([id], as: caller).first?.primaryAlias?.name == "a")
    }

    @Test func `An entry is not installed after a change`() throws {
        let cache = KeyCache(capacity: 160)
        let key = ResidentKey(key: SampleKey.make("a", in: SampleKey.scope(), id: KeyID(16)), versions: [:])
        let mark = cache.changes(around: KeyID(16))
        cache.invalidate(KeyID(32))
        #expect(!cache.install(key, unlessChangedSince: mark))
        #expect(cache.lookup(KeyID(16)) == nil)
        #expect(cache.install(key, unlessChangedSince: cache.changes(around: KeyID(16))))
        #expect(cache.lookup(KeyID(16)) === key)
        cache.invalidate(KeyID(16))
        #expect(cache.lookup(KeyID(16)) == nil)
    }

    @Test func `Beyond its capacity the cache forgets a key`() {
        let cache = KeyCache(capacity: 32)
        let keys = (1...3).map { number in
            ResidentKey(
                key: SampleKey.make("\(number)", in: SampleKey.scope(), id: KeyID(UInt128(number * 16))), versions: [:])
        }
        for key in keys {
            #expect(cache.install(key, unlessChangedSince: cache.changes(around: key.key.id)))
            #expect(cache.install(key, unlessChangedSince: cache.changes(around: key.key.id)))
        }
        #expect(keys.filter { cache.lookup($0.key.id) != nil }.count == 2)
        #expect(cache.lookup(keys[2].key.id) === keys[2])
        cache.removeAll()
        #expect(keys.allSatisfy { cache.lookup($0.key.id) == nil })
    }

    // MARK: all or none

    @Test func `Keys are changed all or none`() async throws {
        let first = try await fixture.create("a")
        let waiting = try await fixture.create("b", origin: .external)
        await expect(.wrongKeyState) { try await kms.disable([first, waiting], as: caller) }
        #expect(try await kms.describe([first], as: caller).first?.state == .enabled)
        await expect(.keyNotFound) { try await kms.disable([first, KeyID(1)], as: caller) }
        #expect(try await kms.describe([first], as: caller).first?.state == .enabled)
        let second = try await fixture.create("c")
        try await kms.disable([first, second], as: caller)
        #expect(try await kms.describe([second, first], as: caller).map(\.state) == [.disabled, .disabled])
    }

    @Test func `An alias moves and the old one is free at once`() async throws {
        let id = try await fixture.create("old")
        try await kms.updateAlias(of: id, to: KeyAlias(checked: "new"), as: caller)
        try await kms.updateAlias(of: id, to: KeyAlias(checked: "new"), as: caller)
        _ = try await fixture.create("old")
        await expect(.aliasExists) { _ = try await fixture.create("new") }
        await expect(.aliasExists) { try await kms.updateAlias(of: id, to: KeyAlias(checked: "old"), as: caller) }
    }

    // MARK: deletion

    @Test func `Deletion comes at its second, even before anybody carries it out`() async throws {
        let id = try await fixture.createDoomed()
        let resident = try await kms.load(id)
        fixture.clock.advance(by: .days(7) - .seconds(1))
        #expect(try await kms.describe([id], as: caller).first?.state == .pendingDeletion)
        fixture.clock.advance(by: .seconds(1))
        await expect(.keyNotFound) { _ = try await kms.describe([id], as: caller) }
        await expect(.keyNotFound) { try await kms.cancelDeletion(of: id, as: caller) }
        await expect(.keyNotFound) { try await kms.enable([id], as: caller) }
        await expect(.keyNotFound) { _ = try await fixture.encrypt(under: id) }
        await expect(.keyNotFound) {
            _ = try kms.generateDataKey(16, under: resident, context: .empty, as: caller)
        }
    }

    @Test func `A ciphertext of a key that is gone is as invalid as one of no key`() async throws {
        let id = try await fixture.create()
        let ciphertext = try await fixture.encrypt(under: id)
        try await kms.disable([id], as: caller)
        _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .disabledFirst, as: caller)
        await expect(.wrongKeyState) { _ = try await fixture.decrypt(ciphertext) }
        fixture.clock.advance(by: .days(7))
        await expect(.invalidCiphertext) { _ = try await fixture.decrypt(ciphertext) }
    }

    @Test func `A key whose deletion cannot be recorded stays`() async throws {
        let doomed = try await fixture.createDoomed("a")
        fixture.clock.advance(by: .days(7))
        fixture.log.setBroken(true)
        await expect(.auditUnavailable) { _ = try await kms.carryOut(.deletion) }
        fixture.log.setBroken(false)
        #expect(try await fixture.store.versions(of: doomed).count == 1)
        #expect(try await kms.carryOut(.deletion).done.map(\.id) == [doomed])
        #expect(fixture.log.keys == [doomed])
    }

    @Test func `Due keys are deleted with their versions, others stay`() async throws {
        let doomed = try await fixture.createDoomed("a")
        let later = try await fixture.createDoomed("b")
        try await kms.cancelDeletion(of: later, as: caller)
        _ = try await kms.scheduleDeletion(of: later, after: .days(30), gate: .disabledFirst, as: caller)
        let kept = try await fixture.create("c")
        #expect(try await kms.carryOut(.deletion).done.isEmpty)
        fixture.clock.advance(by: .days(7))
        #expect(try await kms.carryOut(.deletion).done.map(\.id) == [doomed])
        #expect(try await kms.carryOut(.deletion).done.isEmpty)
        #expect(try await fixture.store.versions(of: doomed).isEmpty)
        #expect(try await kms.describe([later, kept], as: caller).count == 2)
        await expect(.keyNotFound) { _ = try await kms.load(doomed) }
    }

    @Test func `A deleted key's alias is free`() async throws {
        _ = try await fixture.createDoomed("a")
        await expect(.aliasExists) { _ = try await fixture.create("a") }
        fixture.clock.advance(by: .days(7))
        _ = try await kms.carryOut(.deletion)
        _ = try await fixture.create("a")
    }

    @Test func `More due keys than one portion are all deleted`() async throws {
        for number in 0..<205 { _ = try await fixture.createDoomed("k\(number)") }
        fixture.clock.advance(by: .days(7))
        #expect(try await kms.carryOut(.deletion).done.count == 205)
    }

    @Test func `A cancelled deletion leaves the key disabled and usable again`() async throws {
        let id = try await fixture.create()
        let ciphertext = try await fixture.encrypt(under: id)
        try await kms.disable([id], as: caller)
        let date = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .disabledFirst, as: caller)
        #expect(date == fixture.clock.now + .days(7))
        try await kms.cancelDeletion(of: id, as: caller)
        fixture.clock.advance(by: .days(8))
        #expect(try await kms.carryOut(.deletion).done.isEmpty)
        await expect(.keyDisabled) { _ = try await fixture.decrypt(ciphertext) }
        try await kms.enable([id], as: caller)
        #expect(try await fixture.decrypt(ciphertext) == KeyMaterial(Array("text".utf8)))
    }

    // MARK: many at once

    @Test func `Use and change at once end in the last state`() async throws {
        let id = try await fixture.create()
        let fixture = fixture
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<50 {
                        do throws(KMSError) {
                            let ciphertext = try await fixture.encrypt(under: id)
                            _ = try await fixture.decrypt(ciphertext)
                        } catch {
                            #expect(error.code == .keyDisabled)
                        }
                    }
                }
            }
            group.addTask {
                for _ in 0..<50 {
                    try await fixture.kms.disable([id], as: fixture.caller)
                    await expect(.keyDisabled) { _ = try await fixture.encrypt(under: id) }
                    try await fixture.kms.enable([id], as: fixture.caller)
                    _ = try await fixture.encrypt(under: id)
                }
            }
            try await group.waitForAll()
        }
        #expect(try await kms.load(id).key.state == .enabled)
    }

    @Test func `Of many that want one alias at once, one gets it`() async throws {
        let fixture = fixture
        let made = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<32 { group.addTask { (try? await fixture.create("same")) != nil } }
            return await group.reduce(0) { $1 ? $0 + 1 : $0 }
        }
        #expect(made == 1)
    }
}
