import ClavigerTesting
import Testing

@testable import ClavigerCore

@Suite struct KeyServiceAliasTests {
    private let fixture = KeyServiceFixture()
    private var kms: KeyService { fixture.kms }
    private var caller: Caller { fixture.caller }
    private var scope: KeyScope { fixture.caller.scope }

    private static func alias(_ name: String) -> KeyAlias { KeyAlias(checked: name) }

    private func names(of id: KeyID) async throws -> [String] {
        try await kms.describe([id], as: caller)[0].aliases.map(\.name)
    }

    private func holder(of name: String) async throws(KMSError) -> KeyID {
        try await kms.load(named: Self.alias(name), as: caller).key.id
    }

    private func expectAbsence(of name: String) async {
        await expect(.aliasNotFound) { _ = try await holder(of: name) }
        #expect(kms.resident(named: Self.alias(name), in: scope) == nil)
    }

    // MARK: finding keys

    @Test func `A key is found by each of its names, and is then at hand`() async throws {
        let id = try await fixture.create("a")
        try await kms.createAlias(Self.alias("b"), of: id, as: caller)
        for name in ["a", "b"] {
            #expect(kms.resident(named: Self.alias(name), in: scope) == nil)
            #expect(try await holder(of: name) == id)
            #expect(kms.resident(named: Self.alias(name), in: scope)?.key.id == id)
        }
        await expectAbsence(of: "c")
    }

    @Test func `A name belongs to one account and realm`() async throws {
        let id = try await fixture.create("a")
        for other in [KeyServiceFixture.caller(2, "south"), KeyServiceFixture.caller(1, "east")] {
            #expect(try await holder(of: "a") == id)
            #expect(kms.resident(named: Self.alias("a"), in: other.scope) == nil)
            await expect(.aliasNotFound) { _ = try await kms.load(named: Self.alias("a"), as: other) }
            let own = try await fixture.create("a", as: other)
            #expect(try await kms.load(named: Self.alias("a"), as: other).key.id == own)
        }
    }

    @Test(arguments: [("\u{E9}", "e\u{301}"), ("a", "A")])
    func `Names count byte for byte`(first: String, second: String) async throws {
        let id = try await fixture.create(first)
        #expect(try await holder(of: first) == id)
        await expectAbsence(of: second)
        let other = try await fixture.create(second)
        #expect(try await holder(of: second) == other)
    }

    @Test func `Who has no right to keys does not learn which names there are`() async throws {
        _ = try await fixture.create("a")
        let blind = KeyServiceFixture.user("blind")
        await expect(.accessDenied) { _ = try await kms.load(named: Self.alias("x"), as: blind) }
        let seeing = KeyServiceFixture.user("seeing", .rule(.allow, .describeKey))
        await expect(.aliasNotFound) { _ = try await kms.load(named: Self.alias("x"), as: seeing) }
    }

    @Test func `A hint that has gone stale leads nowhere`() async throws {
        let (first, second) = (try await fixture.create("a"), try await fixture.create("b"))
        #expect(try await holder(of: "a") == first)
        try await kms.updateAlias(Self.alias("a"), to: second, as: caller)
        _ = try await kms.load(first)
        _ = try await kms.load(second)
        #expect(kms.resident(named: Self.alias("a"), in: scope) == nil)
        #expect(try await holder(of: "a") == second)
        try await kms.deleteAlias(Self.alias("a"), as: caller)
        _ = try await kms.load(second)
        await expectAbsence(of: "a")
        try await kms.createAlias(Self.alias("a"), of: first, as: caller)
        #expect(try await holder(of: "a") == first)
        try await kms.updateAlias(of: first, to: Self.alias("c"), as: caller)
        _ = try await kms.load(first)
        await expectAbsence(of: "a")
        #expect(try await holder(of: "c") == first)
    }

    @Test func `The name of a key that is gone leads nowhere, at its second`() async throws {
        let id = try await fixture.createDoomed("a")
        fixture.clock.advance(by: .days(7) - .seconds(1))
        #expect(try await holder(of: "a") == id)
        fixture.clock.advance(by: .seconds(1))
        kms.forgetMaterial()
        await expectAbsence(of: "a")
        await expect(.aliasNotFound) { try await kms.deleteAlias(Self.alias("a"), as: caller) }
        let other = try await fixture.create("b")
        await expect(.aliasNotFound) { try await kms.updateAlias(Self.alias("a"), to: other, as: caller) }
        _ = try await kms.carryOut(.deletion)
        await expectAbsence(of: "a")
        _ = try await fixture.create("a")
    }

    @Test(arguments: [true, false])
    func `The name of a key that is gone is free, and the key's end is recorded once`(isForNewKey: Bool) async throws {
        let doomed = try await fixture.createDoomed("a")
        let other = try await fixture.create("b")
        fixture.clock.advance(by: .days(7))
        let codes = await outcomes(of: 10) { _ throws(KMSError) in
            if isForNewKey {
                _ = try await fixture.create("a")
            } else {
                try await kms.createAlias(Self.alias("a"), of: other, as: caller)
            }
        }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.count { $0 == .aliasExists } == 9)
        #expect(fixture.log.keys == [doomed])
        #expect(try await holder(of: "a") != doomed)
    }

    @Test func `Beyond their capacity hints give way, and the names are found all the same`() {
        let hints = AliasHints(capacity: 2)
        for number in 1...5 { hints.remember(Self.alias("\(number)"), in: scope, KeyID(UInt128(number))) }
        let known = (1...5).filter { hints.lookup(Self.alias("\($0)"), in: scope) == KeyID(UInt128($0)) }
        #expect(known.count == 2)
        #expect(known.contains(5))
        hints.remember(Self.alias("5"), in: scope, KeyID(50))
        #expect(hints.lookup(Self.alias("5"), in: scope) == KeyID(50))
        #expect(known.allSatisfy { hints.lookup(Self.alias("\($0)"), in: scope) != nil })
    }

    // MARK: changing

    @Test func `Names come, move and go, and the next one is the primary one`() async throws {
        let (first, second) = (try await fixture.create("a"), try await fixture.create("b"))
        try await kms.createAlias(Self.alias("c"), of: first, as: caller)
        #expect(try await names(of: first) == ["a", "c"])
        try await kms.updateAlias(Self.alias("a"), to: second, as: caller)
        #expect(try await names(of: first) == ["c"])
        #expect(try await Set(names(of: second)) == ["a", "b"])
        #expect(try await kms.describe([second], as: caller)[0].primaryAlias == Self.alias("b"))
        try await kms.deleteAlias(Self.alias("c"), as: caller)
        #expect(try await names(of: first) == [])
        #expect(try await kms.describe([first], as: caller)[0].primaryAlias == nil)
        try await kms.updateAlias(of: first, to: Self.alias("d"), as: caller)
        #expect(try await names(of: first) == ["d"])
    }

    @Test func `A name that is taken is not given again, and one that nobody has does not move`() async throws {
        let (first, second) = (try await fixture.create("a"), try await fixture.create("b"))
        for id in [first, second] {
            await expect(.aliasExists) { try await kms.createAlias(Self.alias("a"), of: id, as: caller) }
        }
        await expect(.aliasNotFound) { try await kms.updateAlias(Self.alias("x"), to: first, as: caller) }
        await expect(.aliasNotFound) { try await kms.deleteAlias(Self.alias("x"), as: caller) }
        await expect(.keyNotFound) { try await kms.createAlias(Self.alias("c"), of: SampleKey.id(), as: caller) }
        await expect(.keyNotFound) { try await kms.updateAlias(Self.alias("a"), to: SampleKey.id(), as: caller) }
        #expect(try await names(of: first) == ["a"])
        #expect(try await names(of: second) == ["b"])
    }

    @Test func `A name can be given to the key that has it already`() async throws {
        let id = try await fixture.create("a")
        try await kms.updateAlias(Self.alias("a"), to: id, as: caller)
        #expect(try await names(of: id) == ["a"])
    }

    @Test func `A key has a thousand names at most`() async throws {
        let key = Key(
            id: SampleKey.id(), scope: scope, spec: .aes256, usage: .encryptDecrypt, origin: .generated, owner: .user,
            creator: IdentityNumber(1), createdAt: SampleKey.moment, state: .enabled,
            aliases: (1...Key.mostAliases).map { Self.alias("\($0)") }, description: "", primaryVersion: nil, tags: [])
        try await fixture.store.insert(key, version: nil, limit: 10)
        _ = try await fixture.create("a")
        await expect(.tooManyAliases) { try await kms.createAlias(Self.alias("b"), of: key.id, as: caller) }
        await expect(.tooManyAliases) { try await kms.updateAlias(Self.alias("a"), to: key.id, as: caller) }
        try await kms.deleteAlias(Self.alias("7"), as: caller)
        try await kms.updateAlias(Self.alias("a"), to: key.id, as: caller)
    }

    @Test(arguments: [KeyOwner.service, .secrets])
    func `Keys of the service keep their names`(owner: KeyOwner) async throws {
        let own = SampleKey.make("acs/own", in: scope, owner: owner)
        try await fixture.store.insert(own, version: nil, limit: 10)
        let id = try await fixture.create("a")
        await expect(.notUserKey) { try await kms.createAlias(Self.alias("b"), of: own.id, as: caller) }
        await expect(.notUserKey) { try await kms.updateAlias(Self.alias("a"), to: own.id, as: caller) }
        await expect(.notUserKey) { try await kms.updateAlias(Self.alias("acs/own"), to: id, as: caller) }
        await expect(.notUserKey) { try await kms.deleteAlias(Self.alias("acs/own"), as: caller) }
        #expect(try await names(of: own.id) == ["acs/own"])
        #expect(try await names(of: id) == ["a"])
    }

    @Test(arguments: ["acs/secretsmanager", "acs/", "kms/default"])
    func `Names of the service's own keys are for no other, whichever way they come`(name: String) async throws {
        let id = try await fixture.create("a")
        await expect(.invalidAlias) { _ = try await fixture.create(name) }
        await expect(.invalidAlias) { try await kms.createAlias(Self.alias(name), of: id, as: caller) }
        await expect(.invalidAlias) { try await kms.updateAlias(of: id, to: Self.alias(name), as: caller) }
        await expect(.aliasNotFound) { try await kms.updateAlias(Self.alias(name), to: id, as: caller) }
        #expect(try await names(of: id) == ["a"])
    }

    @Test(arguments: ["acs", "ACS/a", "a/acs/b", "kms/default2"])
    func `Names that are only like them are free`(name: String) async throws {
        let id = try await fixture.create(name)
        #expect(try await holder(of: name) == id)
    }

    @Test func `Only the state of the key that gets a name counts`() async throws {
        let id = try await fixture.create("a")
        let doomed = try await fixture.createDoomed("b")
        await expect(.wrongKeyState) { try await kms.createAlias(Self.alias("c"), of: doomed, as: caller) }
        await expect(.wrongKeyState) { try await kms.updateAlias(Self.alias("a"), to: doomed, as: caller) }
        #expect(try await names(of: id) == ["a"])
        try await kms.updateAlias(Self.alias("b"), to: id, as: caller)
        #expect(try await Set(names(of: id)) == ["a", "b"])
        try await kms.deleteAlias(Self.alias("b"), as: caller)
        #expect(try await names(of: doomed) == [])
    }

    // MARK: at the same time

    @Test func `Of calls at once that make one name exactly one does, and of those that delete it too`() async throws {
        let ids = [try await fixture.create("0"), try await fixture.create("1")]
        for _ in 0..<5 {
            let made = await outcomes(of: 20) { number throws(KMSError) in
                try await kms.createAlias(Self.alias("a"), of: ids[number % 2], as: caller)
            }
            #expect(made.count { $0 == nil } == 1)
            #expect(made.count { $0 == .aliasExists } == 19)
            let deleted = await outcomes(of: 20) { _ throws(KMSError) in
                try await kms.deleteAlias(Self.alias("a"), as: caller)
            }
            #expect(deleted.count { $0 == nil } == 1)
            #expect(deleted.count { $0 == .aliasNotFound } == 19)
        }
    }

    @Test func `A name that moves to and fro is always with one key`() async throws {
        var ids: [KeyID] = []
        for number in 0..<4 { ids.append(try await fixture.create("\(number)")) }
        try await kms.createAlias(Self.alias("a"), of: ids[0], as: caller)
        let keys = ids
        let codes = await outcomes(of: 80) { number throws(KMSError) in
            if number % 2 == 0 {
                try await kms.updateAlias(Self.alias("a"), to: keys[number / 2 % 4], as: caller)
            } else {
                guard keys.contains(try await holder(of: "a")) else {
                    throw KMSError(.internalFailure, "another key has the name")
                }
            }
        }
        #expect(codes.allSatisfy { $0 == nil }, "\(codes)")
        var holders: [KeyID] = []
        for id in keys where try await names(of: id).contains("a") { holders.append(id) }
        #expect(holders.count == 1)
        #expect(try await holder(of: "a") == holders.first)
    }

    // MARK: rights

    private static func pattern(_ text: String) -> ResourcePattern {
        ResourcePattern(kinds: .all, realms: nil, extent: .fitting(Glob(text, .asterisk), .alibaba))
    }

    private static func pattern(_ id: KeyID) -> ResourcePattern {
        ResourcePattern(kinds: .all, realms: nil, extent: .key(id, madeBy: nil))
    }

    @Test func `Who makes a name needs the right to the name and to the key`() async throws {
        let id = try await fixture.create("a")
        let rules: [[ResourcePattern]] = [[Self.pattern("alias/b")], [Self.pattern(id)], [Self.pattern("alias/*")]]
        for resources in rules {
            let user = KeyServiceFixture.user("u", .rule(.allow, .createAlias, of: resources)).needing(.createAlias)
            await expect(.accessDenied) { try await kms.createAlias(Self.alias("b"), of: id, as: user) }
        }
        let user = KeyServiceFixture.user(
            "u", .rule(.allow, .createAlias, of: [Self.pattern("alias/b"), Self.pattern(id)]))
        await expect(.accessDenied) {
            try await kms.createAlias(Self.alias("c"), of: id, as: user.needing(.createAlias))
        }
        await expect(.accessDenied) {
            try await kms.createAlias(Self.alias("b"), of: id, as: user.needing(.updateAlias))
        }
        try await kms.createAlias(Self.alias("b"), of: id, as: user.needing(.createAlias))
        #expect(try await names(of: id) == ["a", "b"])
    }

    @Test func `Who moves a name needs the right to the name and to both keys`() async throws {
        let (first, second) = (try await fixture.create("a"), try await fixture.create("b"))
        let all = [Self.pattern("alias/a"), Self.pattern(first), Self.pattern(second)]
        for index in all.indices {
            var some = all
            some.remove(at: index)
            let user = KeyServiceFixture.user("u", .rule(.allow, .updateAlias, of: some)).needing(.updateAlias)
            await expect(.accessDenied) { try await kms.updateAlias(Self.alias("a"), to: second, as: user) }
        }
        #expect(try await names(of: first) == ["a"])
        let user = KeyServiceFixture.user("u", .rule(.allow, .updateAlias, of: all)).needing(.updateAlias)
        try await kms.updateAlias(Self.alias("a"), to: second, as: user)
        #expect(try await Set(names(of: second)) == ["a", "b"])
    }

    @Test func `Who deletes a name needs the right to the name`() async throws {
        let id = try await fixture.create("a")
        try await kms.createAlias(Self.alias("b"), of: id, as: caller)
        let user = KeyServiceFixture.user("u", .rule(.allow, .deleteAlias, of: [Self.pattern("alias/b")]))
        await expect(.accessDenied) { try await kms.deleteAlias(Self.alias("a"), as: user.needing(.deleteAlias)) }
        await expect(.accessDenied) { try await kms.deleteAlias(Self.alias("b"), as: user.needing(.updateAlias)) }
        try await kms.deleteAlias(Self.alias("b"), as: user.needing(.deleteAlias))
        #expect(try await names(of: id) == ["a"])
    }

    @Test func `A denial for a name holds whatever is allowed for all`() async throws {
        let id = try await fixture.create("prod/a")
        let user = KeyServiceFixture.user(
            "u", .rule(.allow, .createAlias, .updateAlias, .deleteAlias),
            .rule(.deny, .createAlias, .updateAlias, .deleteAlias, of: [Self.pattern("alias/prod/*")]))
        await expect(.accessDenied) {
            try await kms.createAlias(Self.alias("prod/b"), of: id, as: user.needing(.createAlias))
        }
        await expect(.accessDenied) {
            try await kms.updateAlias(Self.alias("prod/a"), to: id, as: user.needing(.updateAlias))
        }
        await expect(.accessDenied) {
            try await kms.deleteAlias(Self.alias("prod/a"), as: user.needing(.deleteAlias))
        }
        try await kms.createAlias(Self.alias("test/a"), of: id, as: user.needing(.createAlias))
    }

    @Test func `Who may not rename a key neither takes its names nor gives it some`() async throws {
        let id = try await fixture.create("a")
        let user = KeyServiceFixture.user(
            "u", .rule(.allow, .createAlias, .updateAlias, .deleteAlias),
            .rule(
                .deny, .updateAlias, of: [ResourcePattern(kinds: .all, realms: nil, extent: .key(id, madeBy: nil))]))
        await expect(.accessDenied) {
            try await kms.deleteAlias(Self.alias("a"), as: user.needing(.deleteAlias))
        }
        await expect(.accessDenied) {
            try await kms.createAlias(Self.alias("b"), of: id, as: user.needing(.createAlias))
        }
        let other = try await fixture.create("c")
        try await kms.createAlias(Self.alias("b"), of: other, as: user.needing(.createAlias))
        try await kms.deleteAlias(Self.alias("c"), as: user.needing(.deleteAlias))
    }

    @Test func `Who may not change a name does not rename keys with it, nor makes any of it`() async throws {
        let (named, own) = (try await fixture.create("prod"), try await fixture.create("own"))
        let user = KeyServiceFixture.user(
            "u", .rule(.allow, .createKey, .createAlias, .updateAlias, .deleteAlias),
            .rule(.deny, .createAlias, .updateAlias, .deleteAlias, of: [Self.pattern("alias/prod*")]))
        await expect(.accessDenied) {
            try await kms.updateAlias(of: named, to: Self.alias("away"), as: user.needing(.updateAlias))
        }
        await expect(.accessDenied) {
            try await kms.updateAlias(of: own, to: Self.alias("prod-2"), as: user.needing(.updateAlias))
        }
        await expect(.accessDenied) { _ = try await fixture.create("prod-2", as: user.needing(.createKey)) }
        try await kms.updateAlias(of: own, to: Self.alias("mine"), as: user.needing(.updateAlias))
    }

    // MARK: listing

    @Test func `Names are listed in the order of their creation, a page at a time, to those who may`() async throws {
        let (first, second) = (try await fixture.create("c"), try await fixture.create("b"))
        try await kms.createAlias(Self.alias("a"), of: first, as: caller)
        _ = try await fixture.create("x", as: KeyServiceFixture.caller(2, "south"))
        try await kms.updateAlias(Self.alias("c"), to: second, as: caller)
        let page = try await kms.aliases(offset: 0, limit: 2, as: caller)
        #expect(page.total == 3)
        #expect(page.aliases.map(\.alias.name) == ["c", "b"])
        #expect(page.aliases.map(\.key) == [second, second])
        #expect(try await kms.aliases(offset: 2, limit: 2, as: caller).aliases.map(\.alias.name) == ["a"])
        let blind = KeyServiceFixture.user("blind", .rule(.allow, .describeKey)).needing(.listAliases)
        await expect(.accessDenied) { _ = try await kms.aliases(offset: 0, limit: 2, as: blind) }
        let doomed = try await fixture.createDoomed("d")
        fixture.clock.advance(by: .days(7))
        #expect(try await kms.aliases(offset: 0, limit: 10, as: caller).aliases.allSatisfy { $0.key != doomed })
    }
}
