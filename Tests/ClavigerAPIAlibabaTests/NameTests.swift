import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPIAlibaba

/// The contract's section 4: by which names keys and secrets are found.
@Suite struct NameTests {
    private static let unknownKey = "Forbidden.KeyNotFound"
    private static let unknownAlias = "Forbidden.AliasNotFound"
    private static let unknownSecret = "Forbidden.ResourceNotFound"

    private let fixture: AlibabaFixture
    private let key: String

    init() async throws {
        fixture = try await AlibabaFixture()
        var id: String
        // A name in capitals is another one, if there is a letter in it.
        repeat { id = try await fixture.createKey() } while id == id.uppercased()
        key = id
        try await fixture.createAlias("app/One", for: key)
    }

    /// Names with `$key` for the key's id, and `$arn` for what its ARN begins with; what an action says to them that knows aliases.
    static let names: [(name: String, outcome: String)] = [
        ("$key", "ok"), ("$arn:key/$key", "ok"), ("alias/app/One", "ok"), ("$arn:alias/app/One", "ok"),
        ("", "MissingParameter"), (" $key", unknownKey), ("$key\n", unknownKey), ("$KEY", unknownKey),
        ("$arn:key/$KEY", unknownKey), ("key/$key", unknownKey), ("$arn:$key", unknownKey),
        ("$arn:Key/$key", unknownKey), ("$arn:key/$key/x", unknownKey), ("$arn:key/", unknownKey),
        ("$arn:key/alias/app/One", unknownKey), ("$arn:secret/$key", unknownKey), ("ARN:key/$key", unknownKey),
        ("00000000-0000-4000-8000-000000000001", unknownKey), ("app/One", unknownKey), ("no key", unknownKey),
        ("{$key}", unknownKey), ("acs:kms:cn-beijing:100000000001:key/$key", unknownKey),
        ("acs:kms:cn-hangzhou:100000000002:key/$key", unknownKey), ("acs:kms::100000000001:key/$key", unknownKey),
        ("acs:kms:cn-hangzhou::key/$key", unknownKey), ("acs:kms:*:*:key/$key", unknownKey),
        ("acs:ram:cn-hangzhou:100000000001:key/$key", unknownKey), ("acs:kms:cn-hangzhou:key/$key", unknownKey),
        ("alias/app/one", unknownAlias), ("alias/app", unknownAlias), ("alias/", unknownAlias),
        ("alias/app/One ", unknownAlias), ("$arn:alias/none", unknownAlias), ("alias/雪", unknownAlias),
        ("acs:kms:cn-beijing:100000000001:alias/app/One", unknownAlias),
        ("acs:kms:cn-hangzhou:100000000002:alias/app/One", unknownAlias), ("Alias/app/One", unknownKey),
        ("alias/alias/app/One", unknownAlias),
    ]

    private func filled(_ name: String) -> String {
        name.replacing("$key", with: key).replacing("$KEY", with: key.uppercased())
            .replacing("$arn", with: "acs:kms:cn-hangzhou:100000000001")
            .replacing("ARN", with: "ACS:KMS:cn-hangzhou:100000000001")
    }

    @Test(arguments: names)
    func `Most actions find keys by ids, aliases and the ARNs of both`(name: String, outcome: String) async throws {
        let name = filled(name)
        // Once before and once after the key is at hand.
        for _ in 0..<2 {
            let answer = try await fixture.answer(
                fixture.client.request("DescribeKey", [("KeyId", name)]))
            #expect(answer.outcome == outcome, "\(name): \(answer.text)")
            if outcome == "ok" { #expect(answer.body.value(at: "KeyMetadata.KeyId")?.text == key) }
            let sealed = try await fixture.answer(
                fixture.client.request("Encrypt", [("KeyId", name), ("Plaintext", "YQ==")]))
            #expect(sealed.outcome == outcome, "\(name): \(sealed.text)")
            if outcome == "ok" { #expect(sealed.body["KeyId"]?.text == key) }
        }
    }

    static let idActions: [(action: String, parameters: [(String, String)])] = [
        ("EnableKey", []), ("UpdateKeyDescription", [("Description", "")]), ("ListKeyVersions", []),
        ("DescribeKeyVersion", [("KeyVersionId", "$version")]), ("ListResourceTags", []), ("ListAliasesByKeyId", []),
        ("TagResource", [("Tags", #"[{"TagKey":"a","TagValue":"b"}]"#)]), ("UntagResource", [("TagKeys", #"["a"]"#)]),
        ("UpdateRotationPolicy", [("EnableAutomaticRotation", "false")]),
        ("CreateAlias", [("AliasName", "alias/new")]), ("UpdateAlias", [("AliasName", "alias/app/One")]),
    ]

    @Test(arguments: idActions.indices)
    func `The other actions find them by ids and their ARNs alone`(index: Int) async throws {
        let (action, parameters) = Self.idActions[index]
        let versions = try await fixture.call("ListKeyVersions", [("KeyId", key)])
        let version = try #require(versions.value(at: "KeyVersions.KeyVersion.0.KeyVersionId")?.text)
        for (name, outcome) in Self.names {
            let isAlias = outcome == Self.unknownAlias || name.contains("alias/app/One") && outcome == "ok"
            let parameters =
                [("KeyId", filled(name))] + parameters.map { ($0.0, $0.1 == "$version" ? version : $0.1) }
            let expected = isAlias ? "Unsupported.Alias" : outcome
            #expect(try await fixture.outcome(action, parameters) == expected, "\(action): \(name)")
            if action == "CreateAlias", expected == "ok" {
                try await fixture.call("DeleteAlias", [("AliasName", "alias/new")])
            }
        }
    }

    @Test(arguments: ["DisableKey", "ScheduleKeyDeletion", "CancelKeyDeletion", "DeleteKeyMaterial"])
    func `An alias is told before anything about its key`(action: String) async throws {
        for alias in ["alias/app/One", "alias/none", AlibabaFixture.arn("alias/app/One")] {
            #expect(try await fixture.outcome(action, [("KeyId", alias)]) == "Unsupported.Alias")
        }
    }

    @Test func `Keys and aliases of another account do not exist`() async throws {
        let foreign = try await fixture.createKey(client: fixture.otherClient)
        let parameters = [("AliasName", "alias/foreign"), ("KeyId", foreign)]
        try await fixture.call("CreateAlias", parameters, client: fixture.otherClient)
        let account = AlibabaFixture.otherAccount
        for (name, outcome) in [
            (foreign, Self.unknownKey), (AlibabaFixture.arn("key/\(foreign)"), Self.unknownKey),
            (AlibabaFixture.arn("key/\(foreign)", account: account), Self.unknownKey),
            ("alias/foreign", Self.unknownAlias),
            (AlibabaFixture.arn("alias/foreign", account: account), Self.unknownAlias),
        ] {
            for _ in 0..<2 {
                #expect(try await fixture.outcome("DescribeKey", [("KeyId", name)]) == outcome, "\(name)")
                let use = try await fixture.outcome("GenerateDataKey", [("KeyId", name)], client: fixture.otherClient)
                #expect(use == (name.contains("100000000001") ? outcome : "ok"), "\(name)")
            }
        }
    }

    @Test func `An alias means the key that has it now`() async throws {
        let other = try await fixture.createKey()
        func target() async throws -> String? {
            try await fixture.call("GenerateDataKey", [("KeyId", "alias/app/One")])["KeyId"]?.text
        }
        #expect(try await target() == key)
        try await fixture.call("UpdateAlias", [("AliasName", "alias/app/One"), ("KeyId", other)])
        #expect(try await target() == other)
        try await fixture.call("DeleteAlias", [("AliasName", "alias/app/One")])
        #expect(try await fixture.outcome("GenerateDataKey", [("KeyId", "alias/app/One")]) == Self.unknownAlias)
        try await fixture.createAlias("app/One", for: key)
        #expect(try await target() == key)
    }

    @Test(arguments: [
        ("app", "ok"), ("acs:kms:cn-hangzhou:100000000001:secret/app", "ok"), ("", "MissingParameter"),
        ("App", unknownSecret), ("none", unknownSecret), ("secret/app", unknownSecret),
        ("acs:kms:cn-beijing:100000000001:secret/app", unknownSecret),
        ("acs:kms:cn-hangzhou:100000000002:secret/app", unknownSecret),
        ("acs:kms:cn-hangzhou:100000000001:secret/none", unknownSecret),
    ])
    func `Secrets are found by their names and ARNs`(name: String, outcome: String) async throws {
        try await fixture.createSecret("app")
        for (action, parameters) in [
            ("DescribeSecret", []), ("GetSecretValue", []), ("ListSecretVersionIds", []),
            ("UpdateSecret", [("Description", "d")]), ("PutSecretValue", [("SecretData", "x"), ("VersionId", "v2")]),
            ("TagResource", [("Tags", #"[{"TagKey":"a","TagValue":"b"}]"#)]),
            ("UntagResource", [("TagKeys", #"["a"]"#)]),
            ("UpdateSecretVersionStage", [("VersionStage", "s"), ("MoveToVersion", "v1")]), ("DeleteSecret", []),
            ("RestoreSecret", []),
        ] as [(String, [(String, String)])] {
            let answer = try await fixture.answer(
                fixture.client.request(action, [("SecretName", name)] + parameters))
            let expected = name.isEmpty && parameters.contains { $0.0.hasPrefix("Tag") } ? "MissingParameter" : outcome
            #expect(answer.outcome == expected, "\(action): \(answer.text)")
            if let shown = answer.body["SecretName"]?.text { #expect(shown == "app") }
        }
    }
}
