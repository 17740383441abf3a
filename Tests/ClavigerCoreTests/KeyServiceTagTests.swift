import ClavigerCore
import ClavigerTesting
import Testing

@Suite struct KeyServiceTagTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }

    private func tags(of id: KeyID) async throws -> [String] {
        try await kms.describe([id], as: caller)[0].tags.map { "\($0.key)=\($0.value)" }
    }

    private func add(
        _ tags: [(String, String)], to id: KeyID, limit: Int = 10, as caller: Caller? = nil
    ) async throws(KMSError) {
        try await kms.addTags(
            tags.map { KeyTag(key: $0.0, value: $0.1) }, to: id, limit: limit, as: caller ?? self.caller)
    }

    @Test func `A name that is there keeps its place and gets the new value`() async throws {
        let id = try await fixture.create()
        try await add([("a", "1"), ("b", "2"), ("c", "3")], to: id)
        try await add([("d", "4"), ("b", "5"), ("a", "")], to: id)
        #expect(try await tags(of: id) == ["a=", "b=5", "c=3", "d=4"])
        try await add([("b", "6"), ("b", "7")], to: id)
        #expect(try await tags(of: id) == ["a=", "b=7", "c=3", "d=4"])
    }

    @Test func `The limit counts what is there afterwards`() async throws {
        let id = try await fixture.create()
        try await add([("a", "1"), ("b", "1")], to: id, limit: 2)
        try await add([("b", "2"), ("a", "2")], to: id, limit: 2)
        await expect(.tooManyTags) { try await add([("a", "3"), ("c", "3")], to: id, limit: 2) }
        #expect(try await tags(of: id) == ["a=2", "b=2"])
        try await add([("a", "3"), ("c", "3")], to: id, limit: 3)
        #expect(try await tags(of: id) == ["a=3", "b=2", "c=3"])
    }

    @Test func `Names and values that only Unicode takes for the same are different`() async throws {
        let id = try await fixture.create()
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        #expect(KeyTag(key: composed, value: "") != KeyTag(key: decomposed, value: ""))
        #expect(KeyTag(key: "a", value: composed) != KeyTag(key: "a", value: decomposed))
        try await add([(composed, "1"), (decomposed, "2"), ("a", "3"), ("A", "4")], to: id, limit: 4)
        try await add([("a", composed)], to: id)
        try await add([("a", decomposed)], to: id)
        func stored() async throws -> [[Unicode.Scalar]] {
            try await tags(of: id).map { Array($0.unicodeScalars) }
        }
        #expect(
            try await stored() == ["\u{E9}=1", "e\u{301}=2", "a=e\u{301}", "A=4"].map { Array($0.unicodeScalars) })
        #expect(try await kms.removeTags(named: [decomposed], from: id, as: caller))
        #expect(try await stored() == ["\u{E9}=1", "a=e\u{301}", "A=4"].map { Array($0.unicodeScalars) })
    }

    @Test func `Tags go by name, and it is told whether all were there`() async throws {
        let id = try await fixture.create()
        try await add([("a", "1"), ("b", "2"), ("c", "3")], to: id)
        #expect(try await kms.removeTags(named: ["a", "c"], from: id, as: caller))
        #expect(try await tags(of: id) == ["b=2"])
        #expect(try await !kms.removeTags(named: ["b", "a"], from: id, as: caller))
        #expect(try await tags(of: id).isEmpty)
        #expect(try await !kms.removeTags(named: ["b"], from: id, as: caller))
    }

    @Test(arguments: KeyState.allCases)
    func `A key in any state is tagged, also a product's`(state: KeyState) async throws {
        for owner in [KeyOwner.user, .product("cos")] {
            let key = SampleKey.make(
                "\(state) \(owner)", in: caller.scope, owner: owner, state: state,
                deletionDate: state == .pendingDeletion ? SampleKey.moment + .days(7) : nil)
            try await fixture.store.insert(key, version: nil, limit: 10)
            try await add([("a", "1"), ("b", "2")], to: key.id)
            try await kms.removeTags(named: ["a"], from: key.id, as: caller)
            #expect(try await tags(of: key.id) == ["b=2"])
            #expect(try await kms.describe([key.id], as: caller)[0].state == state)
        }
    }

    @Test func `Tags of a key that is gone or of another account are not changed`() async throws {
        let id = try await fixture.createDoomed()
        for stranger in [KeyServiceFixture.caller(2, "south"), KeyServiceFixture.caller(1, "east")] {
            await expect(.keyNotFound) { try await add([("a", "1")], to: id, as: stranger) }
            await expect(.keyNotFound) { try await kms.removeTags(named: ["a"], from: id, as: stranger) }
        }
        fixture.clock.advance(by: .days(7))
        await expect(.keyNotFound) { try await add([("a", "1")], to: id) }
    }

    @Test func `Policies are asked about the tags that the call gives`() async throws {
        let id = try await fixture.create()
        func isTest(_ value: String) -> PolicyCondition {
            PolicyCondition(
                key: .requestTag("stage"),
                demand: .test(
                    .text([Array(value.utf8)]), isNegated: false, quantifier: nil, passesIfAbsent: false))
        }
        let tester = KeyServiceFixture.user("tester", .rule(.allow, .tagResource, if: isTest("test")))
            .needing(.tagResource)
        await expect(.accessDenied) { try await add([("stage", "live")], to: id, as: tester) }
        await expect(.accessDenied) { try await add([("other", "test")], to: id, as: tester) }
        try await add([("stage", "test")], to: id, as: tester)
        let guest = KeyServiceFixture.user(
            "guest", .rule(.allow, .tagResource), .rule(.deny, .tagResource, if: isTest("live"))
        ).needing(.tagResource)
        await expect(.accessDenied) { try await add([("stage", "live")], to: id, as: guest) }
        #expect(try await tags(of: id) == ["stage=test"])
        try await add([("stage", "beta")], to: id, as: guest)
    }

    @Test func `A tag counts for policies at once, also of a key that is at hand`() async throws {
        let id = try await fixture.create()
        let isTest = PolicyCondition(
            key: .resourceTag("stage"),
            demand: .test(.text([Array("test".utf8)]), isNegated: false, quantifier: nil, passesIfAbsent: false))
        let user = KeyServiceFixture.user("user", .rule(.allow, .encrypt, if: isTest)).needing(.encrypt)
        await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: user) }
        try await add([("stage", "test")], to: id)
        _ = try await fixture.encrypt(under: id, as: user)
        try await kms.removeTags(named: ["stage"], from: id, as: caller)
        await expect(.accessDenied) { _ = try await fixture.encrypt(under: id, as: user) }
    }

    @Test func `Tags that come at once all stay, up to the limit`() async throws {
        let id = try await fixture.create()
        let codes = await outcomes(of: 30) { number throws(KMSError) in
            try await add([("\(number)", "")], to: id, limit: 20)
        }
        #expect(codes.count { $0 == nil } == 20)
        #expect(codes.count { $0 == .tooManyTags } == 10)
        #expect(try await tags(of: id).count == 20)
    }

    @Test func `The names in use are listed with their values, for whom policies let`() async throws {
        let first = try await fixture.create("first")
        let second = try await fixture.create("second")
        let doomed = try await fixture.createDoomed("doomed")
        try await add([("b", "2"), ("a", "1")], to: first)
        try await add([("b", "1"), ("c", "")], to: second)
        try await add([("doomed", "")], to: doomed)
        let elsewhere = try await fixture.create(as: KeyServiceFixture.caller(1, "east"))
        try await add([("east", "")], to: elsewhere, as: KeyServiceFixture.caller(1, "east"))
        func list() async throws -> [String] {
            try await kms.tags(as: caller).map { "\($0.key)=\($0.values)" }
        }
        #expect(try await list() == [#"a=["1"]"#, #"b=["1", "2"]"#, #"c=[""]"#, #"doomed=[""]"#])
        fixture.clock.advance(by: .days(7))
        try await kms.removeTags(named: ["b"], from: first, as: caller)
        #expect(try await list() == [#"a=["1"]"#, #"b=["1"]"#, #"c=[""]"#])
        await expect(.accessDenied) { _ = try await kms.tags(as: KeyServiceFixture.user("nobody")) }
    }
}
