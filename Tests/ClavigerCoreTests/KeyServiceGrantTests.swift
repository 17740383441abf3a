import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct KeyServiceGrantTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private let root = KeyServiceFixture.caller(1, "south")
    private let alice = KeyServiceFixture.user("alice")
    private let bob = KeyServiceFixture.user("bob")
    private let carol = KeyServiceFixture.user("carol")

    @discardableResult
    private func grant(
        _ operations: [GrantOperation], to grantee: KeyGrant.Grantee, on id: KeyID, by issuer: Caller? = nil,
        retiring: String? = nil
    ) async throws(KMSError) -> String {
        try await kms.createGrant(
            NewGrant(grantee: grantee, operations: operations, name: "", retiringIdentity: retiring),
            on: try await kms.load(id), as: (issuer ?? root).needing(.createGrant))
    }

    private func name(_ name: String) -> KeyGrant.Grantee { .identity(KeyServiceFixture.identity(name)) }

    private func may(_ caller: Caller, _ permission: Permission, on id: KeyID) async throws -> Bool {
        let resident = try await kms.load(id)
        do throws(KMSError) {
            try kms.requireRight(to: resident, as: caller.needing(permission))
            return true
        } catch {
            #expect(error.code == .accessDenied)
            return false
        }
    }

    private func retire(_ grant: String, on id: KeyID, as caller: Caller) async throws(KMSError) {
        try await kms.retireGrant(grant, on: try await kms.load(id), as: caller.needing(.retireGrant))
    }

    private func grants(on id: KeyID) async throws -> [KeyGrant] {
        try kms.grants(on: await kms.load(id), as: root.needing(.listGrants))
    }

    // MARK: what a grant gives

    @Test(arguments: [
        (GrantOperation.describeKey, Permission.describeKey as Permission?), (.createDataKey, .generateDataKey),
        (.createDataKeyWithoutPlaintext, .generateDataKeyWithoutPlaintext), (.encryptDataKey, .encryptDataKey),
        (.decryptDataKey, .decryptDataKey), (.encryptData, .encrypt), (.decryptData, .decrypt),
        (.sign, .signByAsymmetricKey), (.verify, .verifyByAsymmetricKey), (.getPublicKey, .getPublicKey),
        (.createGrant, .createGrant), (.retireGrant, nil),
    ])
    func `A grant gives its grantee what it names, on its key, and nothing else`(
        operation: GrantOperation, permission: Permission?
    ) async throws {
        let id = try await fixture.create()
        let other = try await fixture.create("other")
        try await grant([operation], to: name("alice"), on: id)
        for asked in Permission.allCases {
            #expect(try await may(alice, asked, on: id) == (asked == permission), "\(asked)")
            #expect(try await !may(alice, asked, on: other), "\(asked) with another key")
            #expect(try await !may(bob, asked, on: id), "\(asked) by somebody else")
        }
    }

    @Test func `A grant says who gave it what and when`() async throws {
        let id = try await fixture.create()
        let first = try await kms.createGrant(
            NewGrant(
                grantee: name("alice"), operations: [.decryptData, .encryptData], name: "for backups",
                retiringIdentity: KeyServiceFixture.identity("bob")),
            on: try await kms.load(id), as: root.needing(.createGrant))
        fixture.clock.advance(by: .seconds(1))
        let second = try await grant([.sign], to: .account, on: id)
        let expected = [
            KeyGrant(
                id: first, key: id, grantee: name("alice"), operations: [.decryptData, .encryptData],
                name: "for backups", retiringIdentity: KeyServiceFixture.identity("bob"),
                issuer: root.principal.identity, createdAt: SampleKey.moment),
            KeyGrant(
                id: second, key: id, grantee: .account, operations: [.sign], name: "", retiringIdentity: nil,
                issuer: root.principal.identity, createdAt: SampleKey.moment + .seconds(1)),
        ]
        #expect(try await grants(on: id) == expected)
        #expect(first != second)
        for grant in [first, second] {
            #expect(grant.count == 64)
            #expect(grant.allSatisfy { "0123456789abcdef".contains($0) })
        }
    }

    @Test func `A grant counts at once for a key that is at hand, and ends at once`() async throws {
        let id = try await fixture.create()
        let ciphertext = try await fixture.encrypt(under: id)
        let (encrypts, decrypts) = (alice.needing(.encrypt), alice.needing(.decrypt))
        for _ in 0..<3 {
            #expect(kms.resident(id) != nil)
            await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: encrypts) }
            let made = try await grant([.encryptData], to: name("alice"), on: id)
            _ = try await fixture.encrypt(under: id, as: encrypts)
            await expect(.accessDenied) { _ = try await fixture.decrypt(ciphertext, as: decrypts) }
            try await kms.revokeGrant(made, on: id, as: root.needing(.revokeGrant))
            await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: encrypts) }
            _ = try await fixture.encrypt(under: id)
        }
    }

    @Test func `A grant to the account is for everybody in it, and for no other account or realm`() async throws {
        let id = try await fixture.create()
        try await grant([.encryptData, .createGrant], to: .account, on: id)
        for user in [alice, bob] { _ = try await fixture.encrypt(under: id, as: user.needing(.encrypt)) }
        let strangers = [
            KeyServiceFixture.user("alice", account: 2), KeyServiceFixture.user("alice", realm: "east"),
        ]
        for stranger in strangers {
            await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: stranger.needing(.encrypt)) }
            await expect(.accessDenied) { try await grant([.encryptData], to: .account, on: id, by: stranger) }
        }
        let stranger = KeyServiceFixture.user("alice", account: 2, .rule(.allow, .encrypt, .createGrant))
        await expect(.keyNotFound) { _ = try await fixture.encrypt(under: id, as: stranger.needing(.encrypt)) }
        await expect(.keyNotFound) { try await grant([.encryptData], to: .account, on: id, by: stranger) }
        #expect(try await grants(on: id).count == 1)
    }

    @Test func `What a policy denies no grant gives`() async throws {
        let id = try await fixture.create()
        try await grant([.encryptData], to: .account, on: id)
        let denied = KeyServiceFixture.user("alice", .rule(.deny, .encrypt)).needing(.encrypt)
        await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: denied) }
        let undenied = alice.needing(.encrypt)
        _ = try await fixture.encrypt(under: id, as: undenied)
        for text in ["deny", "unknown"] {
            try await kms.setPolicy(PolicyDocument(language: .huawei, text: text), of: id, as: root)
            await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: undenied) }
        }
        try await kms.setPolicy(nil, of: id, as: root)
        _ = try await fixture.encrypt(under: id, as: undenied)
    }

    @Test func `Grants and the key's policy stand beside each other`() async throws {
        let id = try await fixture.create()
        func rights() async throws -> [Permission] {
            var rights: [Permission] = []
            for permission in Permission.allCases where try await may(alice, permission, on: id) {
                rights.append(permission)
            }
            return rights
        }
        let policy = PolicyDocument(language: .huawei, text: "encrypt")
        try await kms.setPolicy(policy, of: id, as: root)
        #expect(try await rights() == [.encrypt])
        let made = try await grant([.sign], to: name("alice"), on: id)
        #expect(try await rights() == [.encrypt, .signByAsymmetricKey])
        try await kms.setPolicy(nil, of: id, as: root)
        #expect(try await rights() == [.signByAsymmetricKey])
        try await kms.setPolicy(policy, of: id, as: root)
        try await kms.revokeGrant(made, on: id, as: root.needing(.revokeGrant))
        #expect(try await rights() == [.encrypt])
    }

    @Test func `A decision names the grant by its place`() async throws {
        let id = try await fixture.create()
        try await grant([.decryptData], to: name("bob"), on: id)
        try await grant([.encryptData], to: name("alice"), on: id)
        _ = try await fixture.encrypt(under: id, as: alice.needing(.encrypt))
        #expect(alice.access.decision == .allowed(by: StatementLabel(policy: Policy.nameOfGrants, number: 2)))
    }

    // MARK: what can be given

    @Test func `The root gives everything`() async throws {
        let id = try await fixture.create()
        try await grant(GrantOperation.allCases, to: name("alice"), on: id)
        #expect(try await grants(on: id).map(\.operations) == [GrantOperation.allCases])
    }

    @Test(arguments: GrantOperation.allCases)
    func `Nobody gives away what he may not do himself`(operation: GrantOperation) async throws {
        let id = try await fixture.create()
        let issuer = KeyServiceFixture.user("alice", .rule(.allow, .createGrant, .encrypt))
        for operations in [[operation], [.encryptData, operation], [operation, .encryptData]] {
            if [.createGrant, .encryptData].contains(operation) {
                try await grant(operations, to: name("bob"), on: id, by: issuer)
            } else {
                await expect(.accessDenied) { try await grant(operations, to: name("bob"), on: id, by: issuer) }
                await expect(.accessDenied) { try await grant(operations, to: name("alice"), on: id, by: issuer) }
            }
        }
        #expect(try await grants(on: id).allSatisfy { Set($0.operations).isSubset(of: [.createGrant, .encryptData]) })
    }

    @Test func `Who may only use a key gives nothing`() async throws {
        let id = try await fixture.create()
        let user = KeyServiceFixture.user("alice", .rule(.allow, .encrypt, .revokeGrant))
        await expect(.accessDenied) { try await grant([.encryptData], to: name("bob"), on: id, by: user) }
        #expect(try await grants(on: id).isEmpty)
    }

    @Test func `Through grants nobody gets more than who gave them has`() async throws {
        let id = try await fixture.create()
        let first = try await grant([.createGrant, .decryptData], to: name("alice"), on: id)
        for operation in [GrantOperation.encryptData, .createDataKey, .describeKey, .retireGrant] {
            for grantee in [name("alice"), name("bob"), .account] {
                await expect(.accessDenied) { try await grant([operation], to: grantee, on: id, by: alice) }
            }
        }
        await expect(.accessDenied) { try await grant([.decryptData], to: name("bob"), on: id, by: bob) }
        try await grant([.decryptData], to: name("bob"), on: id, by: alice)
        await expect(.accessDenied) { try await grant([.decryptData], to: name("carol"), on: id, by: bob) }
        try await grant([.createGrant], to: name("bob"), on: id, by: alice)
        try await grant([.decryptData], to: name("carol"), on: id, by: bob)
        await expect(.accessDenied) { try await grant([.encryptData], to: name("carol"), on: id, by: bob) }
        #expect(try await may(carol, .decrypt, on: id))

        try await kms.revokeGrant(first, on: id, as: root.needing(.revokeGrant))
        await expect(.accessDenied) { try await grant([.decryptData], to: name("bob"), on: id, by: alice) }
    }

    @Test func `Nobody but the root gives to himself`() async throws {
        let id = try await fixture.create()
        let issuer = KeyServiceFixture.user("alice", .rule(.allow, .createGrant, .encrypt))
        await expect(.invalidParameterValue) { try await grant([.encryptData], to: name("alice"), on: id, by: issuer) }
        try await grant([.encryptData], to: .account, on: id, by: issuer)
        try await grant([.encryptData], to: .identity(root.principal.identity), on: id)
        #expect(try await grants(on: id).count == 2)
    }

    @Test func `Who may create grants by a grant alone gives nothing to the whole account`() async throws {
        let id = try await fixture.create()
        try await grant([.createGrant, .decryptData], to: name("alice"), on: id)
        await expect(.accessDenied) { try await grant([.decryptData], to: .account, on: id, by: alice) }
        try await grant([.decryptData], to: name("bob"), on: id, by: alice)
        #expect(try await grants(on: id).count == 2)
    }

    @Test func `What somebody lost since the key was at hand is not his to give`() async throws {
        let id = try await fixture.create()
        try await grant([.createGrant], to: name("alice"), on: id)
        let lost = try await grant([.decryptData], to: name("alice"), on: id)
        let before = try await kms.load(id)
        try await kms.revokeGrant(lost, on: id, as: root.needing(.revokeGrant))
        await expect(.accessDenied) {
            _ = try await kms.createGrant(
                NewGrant(grantee: name("bob"), operations: [.decryptData], name: "", retiringIdentity: nil),
                on: before, as: alice.needing(.createGrant))
        }
        #expect(try await grants(on: id).count == 1)
    }

    /// A right to decrypt with a condition that holds in the call of the test.
    struct Condition: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let condition: PolicyCondition
        let effect: PolicyStatement.Effect
        /// What the caller may do in this call, and what he may give away.
        let use: Bool
        let gift: Bool

        init(
            _ name: String, _ condition: PolicyCondition, _ effect: PolicyStatement.Effect, use: Bool, gift: Bool
        ) {
            testDescription = "\(effect) if \(name)"
            self.condition = condition
            self.effect = effect
            self.use = use
            self.gift = gift
        }
    }

    static let conditions: [Condition] = {
        func holds(_ key: ConditionKey, _ test: ConditionTest, isNegated: Bool = false) -> PolicyCondition {
            PolicyCondition(
                key: key, demand: .test(test, isNegated: isNegated, quantifier: nil, passesIfAbsent: false))
        }
        func absence(_ key: ConditionKey, _ wanted: Bool) -> PolicyCondition {
            PolicyCondition(key: key, demand: .absence([wanted]))
        }
        let ofCalls: [(String, holding: PolicyCondition, failing: PolicyCondition)] = [
            ("there is an address", absence(.source, false), absence(.source, true)),
            (
                "it is early", holds(.currentTime, .time(.lessOrEqual, [SampleKey.moment])),
                holds(.currentTime, .time(.less, [SampleKey.moment]))
            ),
            (
                "the context has no tenant", absence(.encryptionContext("tenant"), true),
                absence(.encryptionContext("tenant"), false)
            ),
            (
                "the tenant is not red",
                holds(.encryptionContext("tenant"), .text([Array("red".utf8)]), isNegated: true),
                holds(.encryptionContext("tenant"), .text([Array("red".utf8)]))
            ),
            ("no tag is given", absence(.requestTag("stage"), true), absence(.requestTag("stage"), false)),
            ("no tags are given", absence(.requestTags, true), absence(.requestTags, false)),
        ]
        let ofOthers: [(String, holding: PolicyCondition, failing: PolicyCondition)] = [
            (
                "the caller is alice", holds(.principalName, .text([Array("alice".utf8)])),
                holds(.principalName, .text([Array("bob".utf8)]))
            ),
            (
                "the key is of the stage test", holds(.resourceTag("stage"), .text([Array("test".utf8)])),
                holds(.resourceTag("stage"), .text([Array("live".utf8)]))
            ),
            ("there is no second factor", holds(.multiFactor, .flag([false])), holds(.multiFactor, .flag([true]))),
        ]
        return ofCalls.flatMap { name, holding, failing in
            [
                Condition(name, holding, .allow, use: true, gift: false),
                Condition("not: \(name)", failing, .deny, use: true, gift: false),
                Condition(name, holding, .deny, use: false, gift: false),
            ]
        }
            + ofOthers.flatMap { name, holding, failing in
                [
                    Condition(name, holding, .allow, use: true, gift: true),
                    Condition("not: \(name)", failing, .deny, use: true, gift: true),
                    Condition(name, holding, .deny, use: false, gift: false),
                ]
            }
    }()

    @Test(arguments: conditions)
    func `What depends on the call can be used but not given away`(condition: Condition) async throws {
        let id = try await fixture.create()
        try await kms.addTags([KeyTag(key: "stage", value: "test")], to: id, limit: 10, as: root)
        let rule = PolicyStatement.rule(condition.effect, .decrypt, if: condition.condition)
        let issuer = KeyServiceFixture.user(
            "alice", .rule(.allow, .createGrant), condition.effect == .allow ? rule : .rule(.allow, .decrypt), rule)
        #expect(try await may(issuer, .decrypt, on: id) == condition.use)
        if condition.gift {
            try await grant([.decryptData], to: name("bob"), on: id, by: issuer)
        } else {
            await expect(.accessDenied) { try await grant([.decryptData], to: name("bob"), on: id, by: issuer) }
        }
        #expect(try await may(bob, .decrypt, on: id) == condition.gift)
    }

    @Test func `The right to give may depend on the call`() async throws {
        let id = try await fixture.create()
        let here = PolicyCondition(key: .source, demand: .absence([false]))
        let issuer = KeyServiceFixture.user(
            "alice", .rule(.allow, .createGrant, if: here), .rule(.allow, .encrypt))
        try await grant([.encryptData], to: name("bob"), on: id, by: issuer)
        await expect(.accessDenied) { try await grant([.createGrant], to: name("bob"), on: id, by: issuer) }
    }

    // MARK: which keys have grants

    @Test func `Only an enabled key gets grants, and a key in any state loses them`() async throws {
        let id = try await fixture.create()
        var made: [String] = []
        for _ in 0..<4 { made.append(try await grant([.encryptData], to: .account, on: id)) }
        func lose() async throws {
            try await kms.revokeGrant(made.removeLast(), on: id, as: root.needing(.revokeGrant))
            #expect(try await grants(on: id).count == made.count)
        }
        try await lose()
        try await kms.disable([id], as: root)
        await expect(.keyDisabled) { try await grant([.encryptData], to: .account, on: id) }
        try await lose()
        try await kms.archive(id, as: root)
        await expect(.wrongKeyState) { try await grant([.encryptData], to: .account, on: id) }
        try await lose()
        _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .anyUsableState, as: root)
        await expect(.wrongKeyState) { try await grant([.encryptData], to: .account, on: id) }
        try await lose()
        let waiting = try await fixture.create("waiting", origin: .external)
        await expect(.wrongKeyState) { try await grant([.encryptData], to: .account, on: waiting) }
    }

    @Test func `A product's key has no grants`() async throws {
        let key = try await kms.create(
            NewKey(
                spec: .aes256, usage: .encryptDecrypt, origin: .generated, owner: .product("cos"),
                alias: KeyAlias(checked: "kms-cos"), description: "", tags: []),
            as: root)
        await expect(.notUserKey) { try await grant([.encryptData], to: .account, on: key.id) }
        #expect(try await grants(on: key.id).isEmpty)
    }

    @Test func `A key has a hundred grants at most, also if they come at once`() async throws {
        let id = try await fixture.create()
        let codes = await outcomes(of: 120) { _ throws(KMSError) in
            try await grant([.encryptData], to: name("alice"), on: id)
        }
        #expect(codes.count { $0 == nil } == 100)
        #expect(codes.count { $0 == .tooManyGrants } == 20)
        let known = try await grants(on: id)
        #expect(Set(known.map(\.id)).count == 100)
        await expect(.tooManyGrants) { try await grant([.encryptData], to: .account, on: id) }
        try await kms.revokeGrant(known[50].id, on: id, as: root.needing(.revokeGrant))
        try await grant([.encryptData], to: .account, on: id)
        try await grant([.encryptData], to: .account, on: try await fixture.create("other"))
    }

    @Test func `A sealed service neither gives nor takes`() async throws {
        let id = try await fixture.create()
        let made = try await grant([.retireGrant], to: name("alice"), on: id)
        let resident = try await kms.load(id)
        fixture.seal()
        await expect(.sealed) {
            _ = try await kms.createGrant(
                NewGrant(grantee: .account, operations: [.sign], name: "", retiringIdentity: nil), on: resident,
                as: root.needing(.createGrant))
        }
        await expect(.sealed) { try await kms.revokeGrant(made, on: id, as: root.needing(.revokeGrant)) }
        await expect(.sealed) { try await kms.retireGrant(made, on: resident, as: alice.needing(.retireGrant)) }
    }

    // MARK: taking grants away

    @Test func `Revoking takes one grant of one key, and needs the right to`() async throws {
        let id = try await fixture.create()
        let other = try await fixture.create("other")
        let first = try await grant([.encryptData], to: name("alice"), on: id)
        let second = try await grant([.encryptData], to: name("alice"), on: id)
        await expect(.grantNotFound) { try await kms.revokeGrant(first, on: other, as: root.needing(.revokeGrant)) }
        await expect(.accessDenied) { try await kms.revokeGrant(first, on: id, as: alice.needing(.revokeGrant)) }
        await expect(.accessDenied) { try await kms.revokeGrant("none", on: id, as: alice.needing(.revokeGrant)) }
        let warden = KeyServiceFixture.user("warden", .rule(.allow, .revokeGrant)).needing(.revokeGrant)
        try await kms.revokeGrant(first, on: id, as: warden)
        #expect(try await grants(on: id).map(\.id) == [second])
        await expect(.grantNotFound) { try await kms.revokeGrant(first, on: id, as: warden) }
        #expect(try await may(alice, .encrypt, on: id))
    }

    @Test func `Seeing grants needs the right to`() async throws {
        let id = try await fixture.create()
        try await grant([.encryptData, .describeKey], to: name("alice"), on: id)
        let resident = try await kms.load(id)
        await expect(.accessDenied) { _ = try kms.grants(on: resident, as: alice.needing(.listGrants)) }
        let auditor = KeyServiceFixture.user("auditor", .rule(.allow, .listGrants)).needing(.listGrants)
        #expect(try kms.grants(on: resident, as: auditor).count == 1)
    }

    /// Who wants to give up a grant of alice's, which names bob for it.
    struct Retirement: Sendable, CustomTestStringConvertible {
        let who: Caller
        let isGranteeAsked: Bool
        let refusal: KMSError.Code?

        var testDescription: String {
            "\(who.principal.name)\(isGranteeAsked ? ", where the grantee may": ""): \(refusal?.rawValue ?? "done")"
        }
    }

    static let retirements: [Retirement] = {
        func user(_ name: String, _ effect: PolicyStatement.Effect) -> Caller {
            KeyServiceFixture.user(name, .rule(effect, .retireGrant))
        }
        let plain = ["alice", "bob", "carol"].map { KeyServiceFixture.user($0) }
        return [
            Retirement(who: plain[0], isGranteeAsked: false, refusal: .accessDenied),
            Retirement(who: plain[0], isGranteeAsked: true, refusal: nil),
            Retirement(who: plain[1], isGranteeAsked: false, refusal: nil),
            Retirement(who: plain[1], isGranteeAsked: true, refusal: nil),
            Retirement(who: plain[2], isGranteeAsked: true, refusal: .accessDenied),
            Retirement(who: user("alice", .deny), isGranteeAsked: true, refusal: .accessDenied),
            Retirement(who: user("bob", .deny), isGranteeAsked: false, refusal: .accessDenied),
            Retirement(who: user("alice", .allow), isGranteeAsked: false, refusal: nil),
            Retirement(who: user("carol", .allow), isGranteeAsked: false, refusal: nil),
            Retirement(who: KeyServiceFixture.caller(1, "south"), isGranteeAsked: false, refusal: nil),
            Retirement(
                who: KeyServiceFixture.user("bob", account: 2), isGranteeAsked: true, refusal: .accessDenied),
            Retirement(
                who: KeyServiceFixture.user("alice", realm: "east"), isGranteeAsked: true, refusal: .accessDenied),
            Retirement(who: KeyServiceFixture.caller(2, "south"), isGranteeAsked: true, refusal: .keyNotFound),
        ]
    }()

    @Test(arguments: retirements)
    func `A grant is given up by whom it names, and by whom policies let`(retirement: Retirement) async throws {
        let id = try await fixture.create()
        let operations: [GrantOperation] = retirement.isGranteeAsked ? [.encryptData, .retireGrant] : [.encryptData]
        let other = try await grant(operations, to: name("alice"), on: id)
        let made = try await grant(
            operations, to: name("alice"), on: id, retiring: KeyServiceFixture.identity("bob"))
        if let refusal = retirement.refusal {
            await expect(refusal) { try await retire(made, on: id, as: retirement.who) }
            #expect(try await grants(on: id).map(\.id) == [other, made])
        } else {
            try await retire(made, on: id, as: retirement.who)
            #expect(try await grants(on: id).map(\.id) == [other])
        }
    }

    @Test func `Everybody whom a grant is for gives it up, if it says so`() async throws {
        let id = try await fixture.create()
        let kept = try await grant([.encryptData], to: .account, on: id)
        let made = try await grant([.encryptData, .retireGrant], to: .account, on: id)
        await expect(.accessDenied) { try await retire(kept, on: id, as: carol) }
        await expect(.accessDenied) {
            try await retire(made, on: id, as: KeyServiceFixture.user("carol", account: 2))
        }
        try await retire(made, on: id, as: carol)
        #expect(try await grants(on: id).map(\.id) == [kept])
    }

    @Test func `A policy of the key lets grants be given up, or forbids it`() async throws {
        let id = try await fixture.create()
        let made = try await grant([.encryptData, .retireGrant], to: name("alice"), on: id)
        try await kms.setPolicy(PolicyDocument(language: .huawei, text: "deny"), of: id, as: root)
        await expect(.accessDenied) { try await retire(made, on: id, as: alice) }
        try await kms.setPolicy(PolicyDocument(language: .huawei, text: "allow"), of: id, as: root)
        try await retire(made, on: id, as: carol)
    }

    @Test func `Who may not give a grant up does not learn whether there is one`() async throws {
        let id = try await fixture.create()
        let made = try await grant([.encryptData, .retireGrant], to: name("alice"), on: id)
        for grant in [made, "none"] { await expect(.accessDenied) { try await retire(grant, on: id, as: bob) } }
        let warden = KeyServiceFixture.user("warden", .rule(.allow, .retireGrant))
        await expect(.grantNotFound) { try await retire("none", on: id, as: warden) }
        try await retire(made, on: id, as: alice)
        await expect(.accessDenied) { try await retire(made, on: id, as: alice) }
    }

    @Test func `Of many that give a grant up at once, one does`() async throws {
        let id = try await fixture.create()
        let made = try await grant([.encryptData], to: name("alice"), on: id)
        let warden = KeyServiceFixture.user("warden", .rule(.allow, .retireGrant))
        let codes = await outcomes(of: 30) { _ throws(KMSError) in try await retire(made, on: id, as: warden) }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.count { $0 == .grantNotFound } == 29)
    }

    @Test func `A decision names the grant that lets itself be given up, or the policy that forbids it`() async throws {
        let id = try await fixture.create()
        try await grant([.encryptData], to: .account, on: id)
        let made = try await grant([.retireGrant], to: name("alice"), on: id)
        let denied = KeyServiceFixture.user("alice", .rule(.deny, .retireGrant))
        await expect(.accessDenied) { try await retire(made, on: id, as: denied) }
        #expect(denied.access.decision == .denied(by: StatementLabel(policy: "users", number: 1)))
        try await retire(made, on: id, as: alice)
        #expect(alice.access.decision == .allowed(by: StatementLabel(policy: Policy.nameOfGrants, number: 2)))
    }

    @Test func `A grant of a key that is gone is gone`() async throws {
        let id = try await fixture.create()
        let made = try await grant([.encryptData, .retireGrant], to: name("alice"), on: id)
        _ = try await kms.scheduleDeletion(of: id, after: .days(7), gate: .anyUsableState, as: root)
        let asker = KeyServiceFixture.user("alice", .rule(.allow, .listRetirableGrants)).needing(.listRetirableGrants)
        #expect(try await kms.retirableGrants(offset: 0, limit: 10, as: asker).total == 1)
        let resident = try await kms.load(id)
        fixture.clock.advance(by: .days(7))
        await expect(.accessDenied) { try await kms.retireGrant(made, on: resident, as: alice.needing(.retireGrant)) }
        await expect(.keyNotFound) { try await kms.retireGrant(made, on: resident, as: root.needing(.retireGrant)) }
        await expect(.keyNotFound) { try await kms.revokeGrant(made, on: id, as: root.needing(.revokeGrant)) }
        #expect(try await kms.retirableGrants(offset: 0, limit: 10, as: asker).total == 0)
    }

    @Test func `Everybody who has the right to ask sees which grants he may give up`() async throws {
        let id = try await fixture.create()
        let mine = try await grant([.retireGrant], to: name("alice"), on: id)
        try await grant([.encryptData], to: name("alice"), on: id)
        try await grant([.retireGrant], to: name("bob"), on: id)
        let named = try await grant(
            [.encryptData], to: name("bob"), on: id, retiring: KeyServiceFixture.identity("alice"))
        await expect(.accessDenied) {
            _ = try await kms.retirableGrants(offset: 0, limit: 10, as: alice.needing(.listRetirableGrants))
        }
        let asker = KeyServiceFixture.user("alice", .rule(.allow, .listRetirableGrants)).needing(.listRetirableGrants)
        let page = try await kms.retirableGrants(offset: 0, limit: 10, as: asker)
        #expect(page.grants.map(\.id) == [mine, named])
        #expect(page.total == 2)
        let last = try await kms.retirableGrants(offset: 1, limit: 1, as: asker)
        #expect(last.grants.map(\.id) == [named])
        #expect(last.total == 2)
    }
}
