import ClavigerCore
import ClavigerTesting
import Testing

@Suite struct KeyServicePresenceTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }

    /// Callers for whom a key of account 1 in the south is not there.
    private static func strangers(_ statements: PolicyStatement...) -> [Caller] {
        [(Int64(2), "south"), (1, "east")].map { account, realm in
            let caller = KeyServiceFixture.user("stranger", account: account, realm: realm)
            let rights = Rights([Policy(name: "users", statements: statements)])
            return Caller(
                principal: caller.principal, realm: caller.realm, permission: .describeKey,
                access: Access(rights: rights, facts: caller.access.facts))
        }
    }

    @Test func `A key is there for everybody in its account and realm, whatever his rights`() async throws {
        let resident = try await kms.load(fixture.create())
        for caller in [fixture.caller, KeyServiceFixture.user("alice")] {
            #expect(throws: Never.self) { try kms.requirePresence(of: resident, to: caller) }
        }
    }

    @Test func `A key of another account or realm is not there, and only rights to keys let one learn that`()
        async throws
    {
        let resident = try await kms.load(fixture.create())
        let oneKey = ResourcePattern(kinds: .all, realms: nil, extent: .key(resident.key.id, madeBy: nil))
        let blind =
            Self.strangers() + Self.strangers(.rule(.allow, .encrypt))
            + Self.strangers(.rule(.allow, .describeKey, of: [oneKey]))
        for caller in blind {
            await expect(.accessDenied) { try kms.requirePresence(of: resident, to: caller) }
            await expect(.accessDenied) { try kms.requireRight(to: resident, as: caller) }
        }
        let seeing = Self.strangers(.rule(.allow, .describeKey)) + [KeyServiceFixture.caller(2, "south")]
        for caller in seeing {
            await expect(.keyNotFound) { try kms.requirePresence(of: resident, to: caller) }
            await expect(.keyNotFound) { try kms.requireRight(to: resident, as: caller) }
        }
    }

    @Test func `A key that is gone is not there, at its second`() async throws {
        let resident = try await kms.load(fixture.createDoomed())
        let user = KeyServiceFixture.user("alice")
        let reader = KeyServiceFixture.user("reader", .rule(.allow, .describeKey))
        fixture.clock.advance(by: .days(7) - .seconds(1))
        for caller in [fixture.caller, user, reader] {
            #expect(throws: Never.self) { try kms.requirePresence(of: resident, to: caller) }
        }
        #expect(throws: Never.self) { try kms.requireRight(to: resident, as: reader) }
        fixture.clock.advance(by: .seconds(1))
        for caller in [fixture.caller, reader] {
            await expect(.keyNotFound) { try kms.requirePresence(of: resident, to: caller) }
            await expect(.keyNotFound) { try kms.requireRight(to: resident, as: caller) }
        }
        await expect(.accessDenied) { try kms.requirePresence(of: resident, to: user) }
    }

    @Test func `A right is asked for whatever the key's state`() async throws {
        for state in KeyState.allCases {
            let key = SampleKey.make(
                "\(state)", in: fixture.caller.scope, state: state,
                deletionDate: state == .pendingDeletion ? SampleKey.moment + .days(7) : nil)
            try await fixture.store.insert(key, version: nil, limit: 10)
            let resident = try await kms.load(key.id)
            let reader = KeyServiceFixture.user("reader", .rule(.allow, .describeKey))
            #expect(throws: Never.self) { try kms.requireRight(to: resident, as: reader) }
            await expect(.accessDenied) { try kms.requireRight(to: resident, as: reader.needing(.encrypt)) }
            #expect(throws: Never.self) { try kms.requireRight(to: resident, as: fixture.caller) }
        }
    }

    @Test func `A key is shown as it is now, whatever is at hand`() async throws {
        let key = SampleKey.make(
            "external", in: fixture.caller.scope, origin: .external,
            importedMaterial: ImportedMaterial(digest: [1], expiry: SampleKey.moment + .seconds(10)))
        try await fixture.store.insert(key, version: nil, limit: 10)
        let resident = try await kms.load(key.id)
        fixture.clock.advance(by: .seconds(9))
        #expect(kms.currentKey(resident).state == .enabled)
        fixture.clock.advance(by: .seconds(1))
        #expect(kms.currentKey(resident).state == .pendingImport)
        #expect(resident.key.state == .enabled)
    }
}
