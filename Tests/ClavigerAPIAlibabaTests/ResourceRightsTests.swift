import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerAPIAlibaba

/// Rights to single keys, aliases and secrets, and rights under conditions.
@Suite struct ResourceRightsTests {
    private static let denied = "Forbidden.NoPermission"
    private static func arn(_ path: String) -> String { AlibabaFixture.arn(path) }

    private let fixture: AlibabaFixture

    init() async throws { fixture = try await AlibabaFixture() }

    // MARK: keys

    /// Actions on one key, whose id takes the place of `$key`. The key is of the kind that is said, or one for external material.
    static let ofKeys: [(action: String, spec: String, parameters: [(String, String)])] = [
        ("DescribeKey", "Aliyun_AES_256", []), ("EnableKey", "Aliyun_AES_256", []),
        ("DisableKey", "Aliyun_AES_256", []), ("ScheduleKeyDeletion", "Aliyun_AES_256", []),
        ("UpdateKeyDescription", "Aliyun_AES_256", [("Description", "d")]),
        ("CreateKeyVersion", "Aliyun_AES_256", []), ("ListKeyVersions", "Aliyun_AES_256", []),
        ("UpdateRotationPolicy", "Aliyun_AES_256", [("EnableAutomaticRotation", "false")]),
        ("TagResource", "Aliyun_AES_256", [("Tags", #"[{"TagKey":"a","TagValue":"b"}]"#)]),
        ("UntagResource", "Aliyun_AES_256", [("TagKeys", #"["a"]"#)]), ("ListResourceTags", "Aliyun_AES_256", []),
        ("ListAliasesByKeyId", "Aliyun_AES_256", []),
        ("Encrypt", "Aliyun_AES_256", [("Plaintext", "YQ==")]), ("GenerateDataKey", "Aliyun_SM4", []),
        ("GenerateDataKeyWithoutPlaintext", "Aliyun_AES_256", []),
        (
            "GetParametersForImport", "EXTERNAL",
            [("WrappingKeySpec", "EC_SM2"), ("WrappingAlgorithm", "SM2PKE")]
        ),
        ("DeleteKeyMaterial", "EXTERNAL", []), ("DescribeKeyVersion", "EC_SM2", [("KeyVersionId", "$version")]),
        ("GetPublicKey", "EC_P256", [("KeyVersionId", "$version")]),
        (
            "AsymmetricSign", "EC_P256",
            [
                ("KeyVersionId", "$version"), ("Algorithm", "ECDSA_SHA_256"),
                ("Digest", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            ]
        ),
        (
            "AsymmetricVerify", "EC_SM2",
            [
                ("KeyVersionId", "$version"), ("Algorithm", "SM2DSA"), ("Value", "AA=="),
                ("Digest", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
            ]
        ),
    ]

    private func makeKey(_ spec: String) async throws -> (id: String, version: String) {
        guard spec != "EXTERNAL" else { return (try await fixture.createKey([("Origin", "EXTERNAL")]), "") }
        let key = try await fixture.createKey([("KeySpec", spec)])
        let versions = try await fixture.call("ListKeyVersions", [("KeyId", key)])
        return (key, try #require(versions.value(at: "KeyVersions.KeyVersion.0.KeyVersionId")?.text))
    }

    @Test(arguments: ofKeys.indices)
    func `A right to one key is enough for an action on it, and none to others`(index: Int) async throws {
        let (action, spec, parameters) = Self.ofKeys[index]
        let key = try await makeKey(spec)
        let other = try await makeKey(spec)
        let user = try await fixture.user(
            "one", under: [RAMPolicy.allowing(["kms:\(action)"], on: [Self.arn("key/\(key.id)")])])
        func outcome(_ id: String, _ version: String) async throws -> String {
            try await fixture.outcome(
                action, [("KeyId", id)] + parameters.map { ($0.0, $0.1 == "$version" ? version : $0.1) }, client: user)
        }
        #expect(try await outcome(key.id, key.version) == "ok", "\(action)")
        let again = action == "ScheduleKeyDeletion" ? "Rejected.StateModifiedFailed" : "ok"
        #expect(try await outcome(Self.arn("key/\(key.id)"), key.version) == again, "\(action)")
        #expect(try await outcome(other.id, other.version) == Self.denied, "\(action)")
        #expect(try await outcome("00000000-0000-4000-8000-000000000001", key.version) == Self.denied, "\(action)")
        #expect(
            try await outcome(AlibabaFixture.arn("key/\(key.id)", region: "cn-beijing"), key.version) == Self.denied)
        #expect(try await outcome("no key", key.version) == Self.denied, "\(action)")
    }

    @Test func `A right to all keys is needed to make and to list them`() async throws {
        let key = try await fixture.createKey()
        for (name, resource, outcome) in [
            ("one", Self.arn("key/\(key)"), Self.denied), ("all", Self.arn("key/*"), "ok"),
            ("container", Self.arn("key"), "ok"), ("alias", Self.arn("alias/*"), Self.denied),
            ("elsewhere", AlibabaFixture.arn("key/*", region: "cn-beijing"), Self.denied), ("star", "*", "ok"),
        ] {
            let user = try await fixture.user(
                name, under: [RAMPolicy.allowing(["kms:CreateKey", "kms:ListKeys"], on: [resource])])
            #expect(try await fixture.outcome("CreateKey", client: user) == outcome, "\(name)")
            #expect(try await fixture.outcome("ListKeys", client: user) == outcome, "\(name)")
        }
    }

    @Test func `The rights to a key count, and not those to the alias by which it is named`() async throws {
        let key = try await fixture.createKey()
        let other = try await fixture.createKey()
        try await fixture.createAlias("app", for: key)
        try await fixture.createAlias("other", for: other)
        let ofKey = try await fixture.user("key", under: [RAMPolicy.allowing(["kms:*"], on: [Self.arn("key/\(key)")])])
        let ofAlias = try await fixture.user("alias", under: [RAMPolicy.allowing(["kms:*"], on: [Self.arn("alias/*")])])
        for (name, outcome) in [
            ("alias/app", "ok"), (Self.arn("alias/app"), "ok"), ("alias/other", Self.denied),
            ("alias/none", Self.denied),
        ] {
            let parameters = [("KeyId", name), ("Plaintext", "YQ==")]
            // Once before and once after the key is at hand.
            for _ in 0..<2 {
                #expect(try await fixture.outcome("Encrypt", parameters, client: ofKey) == outcome, "\(name)")
                #expect(try await fixture.outcome("Encrypt", parameters, client: ofAlias) == Self.denied, "\(name)")
            }
        }
    }

    @Test func `The rights to the key of a ciphertext count`() async throws {
        let (key, other) = (try await fixture.createKey(), try await fixture.createKey())
        let sealed = try await fixture.call("Encrypt", [("KeyId", key), ("Plaintext", "YQ==")])
        let foreign = try await fixture.call("Encrypt", [("KeyId", other), ("Plaintext", "YQ==")])
        let blob = try #require(sealed["CiphertextBlob"]?.text)
        let foreignBlob = try #require(foreign["CiphertextBlob"]?.text)
        let user = try await fixture.user(
            "one", under: [RAMPolicy.allowing(["kms:Decrypt"], on: [Self.arn("key/\(key)")])])
        #expect(try await fixture.outcome("Decrypt", [("CiphertextBlob", blob)], client: user) == "ok")
        #expect(try await fixture.outcome("Decrypt", [("CiphertextBlob", foreignBlob)], client: user) == Self.denied)
    }

    @Test func `ReEncrypt needs one right to the source and another to the destination`() async throws {
        let (from, to) = (try await fixture.createKey(), try await fixture.createKey())
        let sealed = try await fixture.call("Encrypt", [("KeyId", from), ("Plaintext", "YQ==")])
        let parameters = [
            ("CiphertextBlob", try #require(sealed["CiphertextBlob"]?.text)), ("DestinationKeyId", to),
        ]
        let (source, target) = ([Self.arn("key/\(from)")], [Self.arn("key/\(to)")])
        for (name, statements, outcome) in [
            ("both", [("kms:ReEncryptFrom", source), ("kms:ReEncryptTo", target)], "ok"),
            ("oneName", [("kms:ReEncrypt", source + target)], "ok"),
            ("swapped", [("kms:ReEncryptFrom", target), ("kms:ReEncryptTo", source)], Self.denied),
            ("source", [("kms:ReEncrypt", source)], Self.denied), ("target", [("kms:ReEncrypt", target)], Self.denied),
            ("others", [("kms:Encrypt", target), ("kms:Decrypt", source)], Self.denied),
        ] {
            let user = try await fixture.user(name, under: statements.map { RAMPolicy.allowing([$0.0], on: $0.1) })
            #expect(try await fixture.outcome("ReEncrypt", parameters, client: user) == outcome, "\(name)")
        }
    }

    @Test(arguments: [("RSA_2048", "RSAES_OAEP_SHA_256", "Rsa"), ("EC_SM2", "SM2PKE", "Sm2")])
    func `The parts of a right to asymmetric keys can be granted by themselves`(
        spec: String, algorithm: String, part: String
    ) async throws {
        let key = try await fixture.createKey([("KeySpec", spec), ("KeyUsage", "ENCRYPT/DECRYPT")])
        let versions = try await fixture.call("ListKeyVersions", [("KeyId", key)])
        let common = [
            ("KeyId", key), ("Algorithm", algorithm),
            ("KeyVersionId", try #require(versions.value(at: "KeyVersions.KeyVersion.0.KeyVersionId")?.text)),
        ]
        let sealed = try await fixture.call("AsymmetricEncrypt", common + [("Plaintext", "YQ==")])
        let blob = try #require(sealed["CiphertextBlob"]?.text)
        for word in ["Rsa", "Sm2"] {
            let outcome = word == part ? "ok" : Self.denied
            let decrypter = try await fixture.user(
                "decrypter\(word)", under: [RAMPolicy.allowing(["kms:Asymmetric\(word)Decrypt"])])
            let encrypter = try await fixture.user(
                "encrypter\(word)", under: [RAMPolicy.allowing(["kms:Asymmetric\(word)Encrypt"])])
            for _ in 0..<2 {
                #expect(
                    try await fixture.outcome(
                        "AsymmetricDecrypt", common + [("CiphertextBlob", blob)], client: decrypter) == outcome)
                #expect(
                    try await fixture.outcome("AsymmetricEncrypt", common + [("Plaintext", "YQ==")], client: encrypter)
                        == outcome)
            }
            #expect(
                try await fixture.outcome("AsymmetricEncrypt", common + [("Plaintext", "YQ==")], client: decrypter)
                    == Self.denied)
        }
    }

    // MARK: aliases

    @Test func `A new alias needs the right to alias and key`() async throws {
        let key = try await fixture.createKey()
        let (alias, target) = (Self.arn("alias/app"), Self.arn("key/\(key)"))
        for (name, resources, outcome) in [
            ("alias", [alias], Self.denied), ("key", [target], Self.denied), ("both", [alias, target], "ok"),
            ("others", [Self.arn("alias/ap"), target], Self.denied),
        ] {
            let user = try await fixture.user(name, under: [RAMPolicy.allowing(["kms:CreateAlias"], on: resources)])
            let parameters = [("AliasName", "alias/app"), ("KeyId", key)]
            #expect(try await fixture.outcome("CreateAlias", parameters, client: user) == outcome, "\(name)")
        }
    }

    @Test func `An alias moves by the right to it, the old key and the new one`() async throws {
        let (old, new) = (try await fixture.createKey(), try await fixture.createKey())
        try await fixture.createAlias("app", for: old)
        let all = [Self.arn("alias/app"), Self.arn("key/\(old)"), Self.arn("key/\(new)")]
        let parameters = [("AliasName", "alias/app"), ("KeyId", new)]
        for missing in 0..<3 {
            var resources = all
            resources.remove(at: missing)
            let user = try await fixture.user(
                "without\(missing)", under: [RAMPolicy.allowing(["kms:UpdateAlias"], on: resources)])
            #expect(try await fixture.outcome("UpdateAlias", parameters, client: user) == Self.denied, "\(missing)")
        }
        let user = try await fixture.user("all", under: [RAMPolicy.allowing(["kms:UpdateAlias"], on: all)])
        #expect(try await fixture.outcome("UpdateAlias", parameters, client: user) == "ok")
        let found = try await fixture.call("DescribeKey", [("KeyId", "alias/app")])
        #expect(found.value(at: "KeyMetadata.KeyId")?.text == new)
    }

    @Test func `An alias is deleted by the right to it, and its absence is told to none but those who have that`()
        async throws
    {
        let key = try await fixture.createKey()
        try await fixture.createAlias("app", for: key)
        let stranger = try await fixture.user(
            "stranger", under: [RAMPolicy.allowing(["kms:DeleteAlias"], on: [Self.arn("alias/other")])])
        for name in ["alias/app", "alias/none"] {
            #expect(try await fixture.outcome("DeleteAlias", [("AliasName", name)], client: stranger) == Self.denied)
        }
        let outcome = try await fixture.outcome("DeleteAlias", [("AliasName", "alias/other")], client: stranger)
        #expect(outcome == "Forbidden.AliasNotFound")
        let owner = try await fixture.user(
            "owner", under: [RAMPolicy.allowing(["kms:DeleteAlias"], on: [Self.arn("alias/app")])])
        #expect(try await fixture.outcome("DeleteAlias", [("AliasName", "alias/app")], client: owner) == "ok")
    }

    // MARK: secrets

    /// Actions on one secret, which is called `app/db`.
    static let ofSecrets: [(action: String, parameters: [(String, String)])] = [
        ("DescribeSecret", []), ("GetSecretValue", []),
        ("PutSecretValue", [("SecretData", "new"), ("VersionId", "v2")]), ("UpdateSecret", [("Description", "d")]),
        ("UpdateSecretVersionStage", [("VersionStage", "mine"), ("MoveToVersion", "v1")]),
        ("ListSecretVersionIds", []), ("DeleteSecret", []), ("DeleteSecret", [("ForceDeleteWithoutRecovery", "true")]),
        ("TagResource", [("Tags", #"[{"TagKey":"a","TagValue":"b"}]"#)]), ("UntagResource", [("TagKeys", #"["a"]"#)]),
    ]

    @Test(arguments: ofSecrets.indices)
    func `A right to one secret is enough for an action on it, and none to others`(index: Int) async throws {
        let (action, parameters) = Self.ofSecrets[index]
        try await fixture.createSecret("app/db")
        try await fixture.createSecret("other")
        let one = try await fixture.user(
            "one", under: [RAMPolicy.allowing(["kms:\(action)"], on: [Self.arn("secret/app/db")])])
        let some = try await fixture.user(
            "some", under: [RAMPolicy.allowing(["kms:\(action)"], on: [Self.arn("secret/app/*")])])
        func outcome(_ name: String, _ client: AlibabaClient) async throws -> String {
            try await fixture.outcome(action, [("SecretName", name)] + parameters, client: client)
        }
        for user in [one, some] {
            #expect(try await outcome("other", user) == Self.denied, "\(action)")
            #expect(try await outcome("none", user) == Self.denied, "\(action)")
            #expect(try await outcome("app", user) == Self.denied, "\(action)")
            #expect(
                try await outcome(AlibabaFixture.arn("secret/app/db", region: "cn-beijing"), user) == Self.denied)
        }
        #expect(try await outcome("app/none", one) == Self.denied, "\(action)")
        #expect(try await outcome("app/none", some) == "Forbidden.ResourceNotFound", "\(action)")
        #expect(try await outcome(Self.arn("secret/app/db"), one) == "ok", "\(action)")
    }

    @Test func `A right to a name is enough to make a secret`() async throws {
        let user = try await fixture.user(
            "maker", under: [RAMPolicy.allowing(["kms:CreateSecret"], on: [Self.arn("secret/app/*")])])
        func outcome(_ name: String) async throws -> String {
            try await fixture.outcome(
                "CreateSecret", [("SecretName", name), ("SecretData", "x"), ("VersionId", "v1")], client: user)
        }
        #expect(try await outcome("app/db") == "ok")
        #expect(try await outcome("app/db") == "Rejected.ResourceExist")
        try await fixture.createSecret("other")
        #expect(try await outcome("other") == Self.denied)
        #expect(try await outcome("none") == Self.denied)
    }

    @Test func `A secret under a chosen key needs rights to the key`() async throws {
        let key = try await fixture.createKey()
        let arn = Self.arn("key/\(key)")
        let parameters = [
            ("SecretName", "app"), ("SecretData", "x"), ("VersionId", "v1"), ("EncryptionKeyId", key),
        ]
        let maker = try await fixture.user("maker", under: [RAMPolicy.allowing(["kms:CreateSecret"])])
        #expect(try await fixture.outcome("CreateSecret", parameters, client: maker) == Self.denied)
        let encrypter = try await fixture.user(
            "encrypter",
            under: [RAMPolicy.allowing(["kms:CreateSecret"]), RAMPolicy.allowing(["kms:GenerateDataKey"], on: [arn])])
        #expect(try await fixture.outcome("CreateSecret", parameters, client: encrypter) == "ok")
        let reader = try await fixture.user("reader", under: [RAMPolicy.allowing(["kms:GetSecretValue"])])
        #expect(try await fixture.outcome("GetSecretValue", [("SecretName", "app")], client: reader) == Self.denied)
        let decrypter = try await fixture.user(
            "decrypter",
            under: [RAMPolicy.allowing(["kms:GetSecretValue"]), RAMPolicy.allowing(["kms:Decrypt"], on: [arn])])
        #expect(try await fixture.outcome("GetSecretValue", [("SecretName", "app")], client: decrypter) == "ok")
        // Who may use the key alone, but not the secret.
        let other = try await fixture.user("other", under: [RAMPolicy.allowingAll(but: ["kms:GetSecretValue"])])
        #expect(try await fixture.outcome("GetSecretValue", [("SecretName", "app")], client: other) == Self.denied)
    }

    // MARK: conditions

    private static func tags(_ value: String) -> (String, String) {
        ("Tags", "[{\"TagKey\":\"env\",\"TagValue\":\"\(value)\"}]")
    }

    private static func hasTag(_ value: String, _ key: String = "kms:tag/env") -> String {
        "{\"StringEquals\":{\"\(key)\":\"\(value)\"}}"
    }

    @Test func `Rights can depend on the tags of a key`() async throws {
        let keys = [
            ("dev", try await fixture.createKey([Self.tags("dev")])),
            ("prod", try await fixture.createKey([Self.tags("prod")])), ("none", try await fixture.createKey()),
            ("capital", try await fixture.createKey([Self.tags("Prod")])),
        ]
        let policy = RAMPolicy.allowing(["kms:Encrypt", "kms:DescribeKey"], if: Self.hasTag("prod"))
        let user = try await fixture.user("prod", under: [policy])
        for (name, key) in keys {
            let expected = name == "prod" ? "ok" : Self.denied
            #expect(try await fixture.outcome("DescribeKey", [("KeyId", key)], client: user) == expected, "\(name)")
            let outcome = try await fixture.outcome("Encrypt", [("KeyId", key), ("Plaintext", "YQ==")], client: user)
            #expect(outcome == expected, "\(name)")
        }
        try await fixture.call("TagResource", [("KeyId", keys[2].1), Self.tags("prod")])
        try await fixture.call("UntagResource", [("KeyId", keys[1].1), ("TagKeys", #"["env"]"#)])
        #expect(try await fixture.outcome("DescribeKey", [("KeyId", keys[2].1)], client: user) == "ok")
        #expect(try await fixture.outcome("DescribeKey", [("KeyId", keys[1].1)], client: user) == Self.denied)
    }

    @Test func `Rights can depend on the tags of a secret`() async throws {
        try await fixture.createSecret("dev", "x", [Self.tags("dev")])
        try await fixture.createSecret("prod", "x", [Self.tags("prod")])
        try await fixture.createSecret("none")
        let user = try await fixture.user(
            "prod", under: [RAMPolicy.allowing(["kms:GetSecretValue"], if: Self.hasTag("prod"))])
        for name in ["dev", "prod", "none", "unknown"] {
            let expected = name == "prod" ? "ok" : Self.denied
            #expect(try await fixture.outcome("GetSecretValue", [("SecretName", name)], client: user) == expected)
        }
    }

    @Test func `Rights can depend on the tags that a call gives`() async throws {
        let condition = Self.hasTag("dev", "acs:RequestTag/env")
        let key = try await fixture.createKey()
        try await fixture.createSecret("app")
        let user = try await fixture.user(
            "dev", under: [RAMPolicy.allowing(["kms:CreateKey", "kms:CreateSecret", "kms:TagResource"], if: condition)])
        let secret = [("SecretName", "new"), ("SecretData", "x"), ("VersionId", "v1")]
        for (tags, expected) in [
            ([], Self.denied), ([Self.tags("prod")], Self.denied), ([Self.tags("dev")], "ok"),
        ] as [([(String, String)], String)] {
            #expect(try await fixture.outcome("CreateKey", tags, client: user) == expected)
            #expect(try await fixture.outcome("CreateSecret", secret + tags, client: user) == expected)
            guard !tags.isEmpty else { continue }
            #expect(try await fixture.outcome("TagResource", [("KeyId", key)] + tags, client: user) == expected)
            #expect(try await fixture.outcome("TagResource", [("SecretName", "app")] + tags, client: user) == expected)
        }
    }

    @Test func `Rights can depend on the encryption context`() async throws {
        let key = try await fixture.createKey()
        let user = try await fixture.user(
            "one",
            under: [RAMPolicy.allowing(["kms:Encrypt"], if: Self.hasTag("a", "kms:EncryptionContext:tenant"))])
        let parameters = [("KeyId", key), ("Plaintext", "YQ==")]
        for (context, expected) in [
            (#"{"tenant":"a"}"#, "ok"), (#"{"tenant":"a","x":"y"}"#, "ok"), (#"{"tenant":"b"}"#, Self.denied),
            ("{}", Self.denied),
        ] {
            let given = parameters + [("EncryptionContext", context)]
            #expect(try await fixture.outcome("Encrypt", given, client: user) == expected, "\(context)")
        }
        #expect(try await fixture.outcome("Encrypt", parameters, client: user) == Self.denied)
    }
}
