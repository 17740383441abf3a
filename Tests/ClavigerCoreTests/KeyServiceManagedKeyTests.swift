import ClavigerCore
import ClavigerTesting
import Synchronization
import Testing

@Suite struct KeyServiceManagedKeyTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private let alias = KeyAlias(checked: "kms/default")

    /// What was recorded, and whether it was stored already.
    private final class Log: Sendable {
        private let entries = Mutex<[Key]>([])
        var keys: [Key] { entries.withLock { $0 } }
        func add(_ key: Key) { entries.withLock { $0.append(key) } }
    }

    private let log = Log()

    /// - Parameter searches: how often somebody must have looked for the key before the record is made.
    private func ensure(
        _ account: Int64 = 1, _ realm: String = "south", after searches: Int = 0
    ) async throws(KMSError) -> Bool {
        let caller = KeyServiceFixture.caller(account, realm)
        return try await kms.ensureManagedKey(
            named: alias, for: AccountID(account), in: caller.realm
        ) { [store = fixture.store, log] key throws(KMSError) in
            #expect(try await store.key(key.id) == nil, "recorded after it was made")
            while store.searches < searches { await Task.yield() }
            log.add(key)
        }
    }

    private func keys(_ account: Int64 = 1, _ realm: String = "south") async throws -> [Key] {
        let caller = KeyServiceFixture.caller(account, realm)
        var query = KeyQuery(scope: caller.scope)
        query.role = nil
        return try await kms.list(query, offset: 0, limit: 10, as: caller).keys
    }

    @Test(arguments: [("south", KeySpec.aes256), ("east", .aes256), ("guomi", .sm4)])
    func `The key is there after the first call, and encrypts`(realm: String, spec: KeySpec) async throws {
        #expect(try await ensure(7, realm))
        let key = try #require(try await keys(7, realm).first)
        #expect(key.owner == .service)
        #expect(key.isManaged)
        #expect(key.primaryAlias == alias)
        #expect(key.spec == spec)
        #expect(key.usage == .encryptDecrypt)
        #expect(key.origin == .generated)
        #expect(key.state == .enabled)
        #expect(key.creator == IdentityNumber(7))
        #expect(key.enterpriseProject == Key.defaultEnterpriseProject)
        #expect(log.keys.map(\.id) == [key.id])
        let caller = KeyServiceFixture.caller(7, realm)
        _ = try await fixture.decrypt(fixture.encrypt(under: key.id, as: caller), as: caller)
        #expect(try await !ensure(7, realm))
        #expect(try await keys(7, realm).count == 1)
        #expect(log.keys.count == 1)
    }

    @Test func `Calls at once make and record one key per account and realm`() async throws {
        let scopes: [(Int64, String)] = [(1, "south"), (1, "east"), (2, "south")]
        let codes = await outcomes(of: 60) { number throws(KMSError) in
            let (account, realm) = scopes[number % 3]
            // All have seen that there is no key before the first one is made.
            if try await ensure(account, realm, after: 60) { throw KMSError(.internalFailure, "made") }
        }
        #expect(codes.count { $0 == .internalFailure } == 3)
        #expect(codes.count { $0 == nil } == 57)
        for (account, realm) in scopes { #expect(try await keys(account, realm).count == 1) }
        #expect(log.keys.count == 3)
        #expect(Set(log.keys.map(\.scope)).count == 3)
    }

    @Test func `A key that cannot be recorded is not made`() async throws {
        await expect(.auditUnavailable) {
            _ = try await kms.ensureManagedKey(
                named: alias, for: AccountID(1), in: Realm.builtIn[0]
            ) { _ throws(KMSError) in throw KMSError(.auditUnavailable, "the disk is full") }
        }
        #expect(try await keys().isEmpty)
        #expect(try await ensure())
    }

    @Test func `A sealed service makes no key, and misses none that is there`() async throws {
        fixture.seal()
        await expect(.sealed) { _ = try await ensure() }
        #expect(log.keys.isEmpty)
        let other = KeyServiceFixture()
        _ = try await other.kms.ensureManagedKey(
            named: alias, for: AccountID(1), in: Realm.builtIn[0]
        ) { _ in }
        other.seal()
        let isMade = try await other.kms.ensureManagedKey(
            named: alias, for: AccountID(1), in: Realm.builtIn[0]
        ) { _ in Issue.record("recorded again") }
        #expect(!isMade)
    }

    @Test func `If a user's key has the name there is no second one, and nothing is recorded`() async throws {
        // From the time before the name was kept for the service.
        try await fixture.store.insert(
            SampleKey.make(alias.name, in: fixture.caller.scope), version: nil, limit: 10)
        #expect(try await !ensure())
        #expect(log.keys.isEmpty)
        #expect(try await keys().map(\.owner) == [.user])
    }

    @Test func `The key is not renamed, disabled, archived or deleted, and has no policy`() async throws {
        _ = try await ensure()
        let key = try #require(try await keys().first)
        let (id, caller) = (key.id, fixture.caller)
        await expect(.notUserKey) { try await kms.updateAlias(of: id, to: KeyAlias(checked: "mine"), as: caller) }
        await expect(.keyInUse) { try await kms.disable([id], as: caller) }
        await expect(.notUserKey) { try await kms.archive(id, as: caller) }
        await expect(.keyInUse) {
            _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .anyUsableState, as: caller)
        }
        await expect(.notUserKey) {
            try await kms.setPolicy(PolicyDocument(language: .huawei, text: "allow"), of: id, as: caller)
        }
        #expect(try await keys() == [key])
    }
}
