import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@Suite struct SecretServiceTests {
    private let fixture = SecretServiceFixture()
    private var secrets: SecretService { fixture.secrets }
    private var caller: Caller { fixture.caller }
    private let name = SecretServiceFixture.name("db")

    private static func pattern(_ text: String) -> ResourcePattern {
        ResourcePattern(kinds: .all, realms: nil, extent: .fitting(Glob(text, .asterisk), .alibaba))
    }

    // MARK: making and describing

    @Test func `A new secret is as it was asked for, and its first version is the current one`() async throws {
        let tags = [KeyTag(key: "k", value: "v")]
        let made = try await fixture.create(form: .binary, tags: tags)
        let secret = try await fixture.describe()
        #expect(secret.id == made.id)
        #expect(secret.name == name)
        #expect(secret.scope == caller.scope)
        #expect(secret.creator == caller.principal.number)
        #expect(secret.createdAt == fixture.clock.now)
        #expect(secret.updatedAt == fixture.clock.now)
        #expect(secret.description == "text")
        #expect(secret.tags == tags)
        #expect(secret.deletionDate == nil)
        #expect(
            secret.versions == [
                SecretVersion(id: "v1", form: .binary, createdAt: fixture.clock.now, stages: [.current])
            ])
        #expect(try await fixture.value() == "one")
    }

    @Test func `A name is used once, in each account and realm`() async throws {
        try await fixture.create()
        await expect(.secretExists) { try await fixture.create(value: "two") }
        #expect(try await fixture.value() == "one")
        for other in [KeyServiceFixture.caller(2, "south"), KeyServiceFixture.caller(1, "east")] {
            await expect(.secretNotFound) { _ = try await fixture.value(as: other) }
            try await fixture.create(value: "two", as: other)
            #expect(try await fixture.value(as: other) == "two")
        }
        try await secrets.scheduleDeletion(of: name, after: .days(7), as: caller)
        await expect(.secretPendingDeletion) { try await fixture.create() }
    }

    @Test func `Of calls at once with one name exactly one makes a secret, and its value is the one that is kept`()
        async throws
    {
        let codes = await outcomes(of: 20) { number throws(KMSError) in
            try await fixture.create(version: "v\(number)", value: "value \(number)")
        }
        #expect(codes.count { $0 == nil } == 1)
        #expect(codes.count { $0 == .secretExists } == 19)
        let id = try #require(try await fixture.describe().versions.first?.id)
        #expect(try await fixture.value() == "value \(id.dropFirst())")
    }

    @Test func `A scope holds so many secrets`() async throws {
        var limits = SecretService.Limits()
        limits.secretsPerScope = 2
        let fixture = SecretServiceFixture(limits: limits)
        try await fixture.create("a")
        try await fixture.create("b")
        await expect(.tooManySecrets) { try await fixture.create("c") }
        try await fixture.create("c", as: KeyServiceFixture.caller(2, "south"))
        try await fixture.secrets.deleteAtOnce(SecretServiceFixture.name("a"), as: caller)
        try await fixture.create("c")
    }

    @Test func `Descriptions, labels and tags change and tell when`() async throws {
        try await fixture.create()
        try await fixture.put("two", version: "v2", stages: [SecretStage(checked: "beta")])
        fixture.clock.advance(by: .seconds(1))
        try await secrets.updateDescription(of: name, to: "new", as: caller)
        #expect(try await fixture.describe().description == "new")
        #expect(try await fixture.describe().updatedAt == fixture.clock.now)
        fixture.clock.advance(by: .seconds(1))
        try await secrets.updateDescription(of: name, to: nil, as: caller)
        #expect(try await fixture.describe().description == "new")
        fixture.clock.advance(by: .seconds(1))
        try await secrets.moveStage(.current, of: name, to: "v2", from: "v1", as: caller)
        let moved = try await fixture.describe()
        #expect(moved.version(at: .current)?.id == "v2")
        #expect(moved.version(at: .previous)?.id == "v1")
        #expect(moved.updatedAt == fixture.clock.now)
        fixture.clock.advance(by: .seconds(1))
        try await secrets.addTags([KeyTag(key: "k", value: "v")], to: name, limit: 1, as: caller)
        #expect(try await fixture.describe().tags == [KeyTag(key: "k", value: "v")])
        #expect(try await fixture.describe().updatedAt == fixture.clock.now)
        await expect(.tooManyTags) {
            try await secrets.addTags([KeyTag(key: "l", value: "v")], to: name, limit: 1, as: caller)
        }
        try await secrets.removeTags(named: ["k", "x"], from: name, as: caller)
        #expect(try await fixture.describe().tags.isEmpty)
        #expect(try await secrets.versions(of: name, as: caller).versions.map(\.id) == ["v1", "v2"])
    }

    @Test func `Secrets are listed with those that wait for their deletion, without those that are gone`() async throws
    {
        for text in ["a", "b", "c"] { try await fixture.create(text) }
        try await fixture.create("d", as: KeyServiceFixture.caller(2, "south"))
        try await secrets.scheduleDeletion(of: SecretServiceFixture.name("b"), after: .days(7), as: caller)
        func list(_ filter: SecretQuery.Filter? = nil) async throws -> [String] {
            try await secrets.list(filter, offset: 0, limit: 10, as: caller).secrets.map(\.name.text)
        }
        #expect(try await list() == ["a", "b", "c"])
        #expect(try await list(SecretQuery.Filter(field: .name, values: ["c", "a"])) == ["a", "c"])
        let page = try await secrets.list(nil, offset: 1, limit: 1, as: caller)
        #expect(page.secrets.map(\.name.text) == ["b"])
        #expect(page.total == 3)
        fixture.clock.advance(by: .days(7))
        #expect(try await list() == ["a", "c"])
        #expect(fixture.log.deletions == ["b"])
    }

    // MARK: rights

    /// A named call, and the right that it needs.
    struct Call: Sendable, CustomTestStringConvertible {
        let permission: Permission
        let perform: @Sendable (SecretServiceFixture, SecretName, Caller) async throws(KMSError) -> Void

        var testDescription: String { permission.word }
    }

    static let calls = [
        Call(permission: .describeSecret) { fixture, name, caller throws(KMSError) in
            _ = try await fixture.secrets.describe(name, as: caller)
        },
        Call(permission: .listSecretVersionIds) { fixture, name, caller throws(KMSError) in
            _ = try await fixture.secrets.versions(of: name, as: caller)
        },
        Call(permission: .getSecretValue) { fixture, name, caller throws(KMSError) in
            _ = try await fixture.secrets.value(of: name, as: caller)
        },
        Call(permission: .putSecretValue) { fixture, name, caller throws(KMSError) in
            try await fixture.put("two", version: "v2", of: name.text, as: caller)
        },
        Call(permission: .updateSecret) { fixture, name, caller throws(KMSError) in
            try await fixture.secrets.updateDescription(of: name, to: "new", as: caller)
        },
        Call(permission: .updateSecretVersionStage) { fixture, name, caller throws(KMSError) in
            try await fixture.secrets.moveStage(
                SecretStage(checked: "beta"), of: name, to: "v1", from: nil, as: caller)
        },
        Call(permission: .tagResource) { fixture, name, caller throws(KMSError) in
            try await fixture.secrets.addTags([KeyTag(key: "k", value: "v")], to: name, limit: 10, as: caller)
        },
        Call(permission: .untagResource) { fixture, name, caller throws(KMSError) in
            try await fixture.secrets.removeTags(named: ["k"], from: name, as: caller)
        },
        Call(permission: .deleteSecret) { fixture, name, caller throws(KMSError) in
            try await fixture.secrets.scheduleDeletion(of: name, after: .days(7), as: caller)
        },
        Call(permission: .deleteSecret) { fixture, name, caller throws(KMSError) in
            try await fixture.secrets.deleteAtOnce(name, as: caller)
        },
        Call(permission: .restoreSecret) { fixture, name, caller throws(KMSError) in
            do throws(KMSError) {
                try await fixture.secrets.restore(name, as: caller)
            } catch {
                guard error.code == .secretNotPendingDeletion else { throw error }
            }
        },
    ]

    @Test(arguments: calls)
    func `A call needs the right to the very secret, and tells nobody else whether there is one`(
        call: Call
    ) async throws {
        try await fixture.create()
        let other = SecretServiceFixture.name("other")
        for blind in [
            KeyServiceFixture.user("blind"),
            KeyServiceFixture.user("blind", .rule(.allow, call.permission, of: [Self.pattern("secret/x")])),
            KeyServiceFixture.user(
                "blind", .rule(.allow, call.permission),
                .rule(.deny, call.permission, of: [Self.pattern("secret/db"), Self.pattern("secret/other")])),
        ] {
            for name in [name, other] {
                await expect(.accessDenied) {
                    try await call.perform(fixture, name, blind.needing(call.permission))
                }
            }
        }
        #expect(try await fixture.describe().updatedAt == SampleKey.moment)
        let user = KeyServiceFixture.user(
            "user", .rule(.allow, call.permission, of: [Self.pattern("secret/db"), Self.pattern("secret/other")])
        ).needing(call.permission)
        await expect(.secretNotFound) { try await call.perform(fixture, other, user) }
        try await call.perform(fixture, name, user)
    }

    @Test(arguments: calls)
    func `A secret whose time is over is not there`(call: Call) async throws {
        try await fixture.create()
        try await secrets.scheduleDeletion(of: name, after: .days(7), as: caller)
        fixture.clock.advance(by: .days(7))
        await expect(.secretNotFound) { try await call.perform(fixture, name, caller) }
        let blind = KeyServiceFixture.user("blind").needing(call.permission)
        await expect(.accessDenied) { try await call.perform(fixture, name, blind) }
        #expect(try await fixture.store.secret(name, in: caller.scope) != nil)
    }

    @Test func `Making, listing and passwords need their rights`() async throws {
        let user = KeyServiceFixture.user(
            "user", .rule(.allow, .createSecret, of: [Self.pattern("secret/app/*")]),
            .rule(.allow, .listSecrets, .getRandomPassword))
        await expect(.accessDenied) { try await fixture.create("db", as: user.needing(.createSecret)) }
        try await fixture.create("app/db", as: user.needing(.createSecret))
        await expect(.accessDenied) { try await fixture.create("app/c", as: user.needing(.putSecretValue)) }
        _ = try await secrets.list(nil, offset: 0, limit: 10, as: user.needing(.listSecrets))
        await expect(.accessDenied) {
            _ = try await secrets.list(nil, offset: 0, limit: 10, as: user.needing(.describeSecret))
        }
        _ = try secrets.generatePassword(PasswordRules(), as: user.needing(.getRandomPassword))
        await expect(.accessDenied) {
            _ = try secrets.generatePassword(PasswordRules(), as: user.needing(.createSecret))
        }
    }

    @Test func `Tags of the secret and of the call count in policies`() async throws {
        func condition(_ key: ConditionKey, _ value: String) -> PolicyCondition {
            PolicyCondition(
                key: key,
                demand: .test(
                    .text([Array(value.utf8)]), isNegated: false, quantifier: nil, passesIfAbsent: false))
        }
        let user = KeyServiceFixture.user(
            "user", .rule(.allow, .createSecret, .tagResource, if: condition(.requestTag("team"), "red")),
            .rule(.allow, .describeSecret, if: condition(.resourceTag("team"), "red")))
        await expect(.accessDenied) { try await fixture.create("a", as: user.needing(.createSecret)) }
        try await fixture.create("a", tags: [KeyTag(key: "team", value: "red")], as: user.needing(.createSecret))
        try await fixture.create("b")
        await expect(.accessDenied) { _ = try await fixture.describe("b", as: user.needing(.describeSecret)) }
        _ = try await fixture.describe("a", as: user.needing(.describeSecret))
        for (value, code) in [("blue", KMSError.Code.accessDenied), ("red", nil)] {
            let codes = await outcomes(of: 1) { _ throws(KMSError) in
                try await secrets.addTags(
                    [KeyTag(key: "team", value: value)], to: SecretServiceFixture.name("b"), limit: 10,
                    as: user.needing(.tagResource))
            }
            #expect(codes == [code])
        }
    }

    @Test func `A sealed service changes no secret and opens none`() async throws {
        try await fixture.create()
        fixture.keys.seal()
        for call in Self.calls where ![.describeSecret, .listSecretVersionIds].contains(call.permission) {
            await expect(.sealed) { try await call.perform(fixture, name, caller) }
        }
        await expect(.sealed) { try await fixture.create("a") }
        _ = try await fixture.describe()
    }
}
