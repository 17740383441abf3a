import ClavigerCore
import Testing

@Suite struct KeyServicePolicyTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }
    private let user = KeyServiceFixture.caller(1, "south", isRoot: false)

    @Test func `A key knows who made it`() async throws {
        let id = try await fixture.create(as: KeyServiceFixture.caller(17, "south"))
        #expect(try await fixture.store.key(id)?.creator == IdentityNumber(17))
    }

    @Test func `A key's policy is given back word for word, until it is taken away`() async throws {
        let id = try await fixture.create()
        #expect(try await kms.policy(of: id, as: caller) == nil)
        for text in ["allow", "{ \"e\u{301}\" }\n"] {
            let document = PolicyDocument(language: .alibaba, text: text)
            try await kms.setPolicy(document, of: id, as: caller)
            let stored = try #require(try await kms.policy(of: id, as: caller))
            #expect(stored == document)
            #expect(Array(stored.text.utf8) == Array(text.utf8))
        }
        try await kms.setPolicy(nil, of: id, as: caller)
        #expect(try await kms.policy(of: id, as: caller) == nil)
    }

    @Test func `A key's policy gives rights to those who have none else, for as long as it stands`() async throws {
        let id = try await fixture.create()
        let other = try await fixture.create("other")
        await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: user) }
        try await kms.setPolicy(PolicyDocument(language: .tencent, text: "allow"), of: id, as: caller)
        let ciphertext = try await fixture.encrypt(under: id, as: user)
        _ = try await fixture.decrypt(ciphertext, as: user)
        #expect(try await kms.describe([id], as: user).map(\.id) == [id])
        await expect(.accessDenied) { _ = try await kms.describe([id, other], as: user) }
        await expect(.accessDenied) { _ = try await fixture.encrypt(under: other, as: user) }

        try await kms.setPolicy(nil, of: id, as: caller)
        await expect(.accessDenied) { _ = try await fixture.decrypt(ciphertext, as: user) }
        await expect(.accessDenied) { _ = try await kms.describe([id], as: user) }
    }

    @Test func `What was decided is known afterwards, the first refusal before all else`() async throws {
        let id = try await fixture.create()
        let other = try await fixture.create("other")
        try await kms.setPolicy(PolicyDocument(language: .tencent, text: "allow"), of: id, as: caller)
        #expect(user.access.decision == nil)
        _ = try await kms.describe([id], as: user)
        let label = StatementLabel(policy: Policy.nameOfKeyPolicies, number: 1)
        #expect(user.access.decision == .allowed(by: label))
        await expect(.accessDenied) { _ = try await kms.describe([other], as: user) }
        _ = try await kms.describe([id], as: user)
        #expect(user.access.decision == .notAllowed)
        #expect(caller.access.decision == .root)
    }

    @Test func `The root of the account is under no policy`() async throws {
        let id = try await fixture.create()
        try await kms.setPolicy(PolicyDocument(language: .huawei, text: "deny"), of: id, as: caller)
        _ = try await fixture.decrypt(fixture.encrypt(under: id))
        #expect(try await kms.describe([id], as: caller).count == 1)
        try await kms.setPolicy(nil, of: id, as: caller)
    }

    @Test func `A policy of an account that is not known yet denies, and is asked for again the next time`()
        async throws
    {
        let id = try await fixture.create()
        try await kms.setPolicy(PolicyDocument(language: .tencent, text: "unknown"), of: id, as: caller)
        await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: user) }
        #expect(kms.resident(id) == nil)
        try await kms.setPolicy(PolicyDocument(language: .tencent, text: "allow"), of: id, as: caller)
        _ = try await fixture.encrypt(under: id, as: user)
        #expect(kms.resident(id) != nil)
    }

    @Test func `A key whose deletion is pending keeps its policy as it is`() async throws {
        let id = try await fixture.createDoomed()
        await expect(.wrongKeyState) {
            try await kms.setPolicy(PolicyDocument(language: .tencent, text: "allow"), of: id, as: caller)
        }
        #expect(try await kms.policy(of: id, as: caller) == nil)
    }
}
