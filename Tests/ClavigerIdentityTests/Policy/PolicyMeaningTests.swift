import ClavigerCore
import ClavigerIdentity
import Testing

@Suite struct PolicyMeaningTests {
    // MARK: resources

    private static let resources: [(name: String, resource: AccessResource)] = [
        ("alice's", PolicyFixture.alicesKey), ("bob's", PolicyFixture.bobsKey), ("root's", PolicyFixture.rootsKey),
        ("missing", .unknownKey(PolicyFixture.missingKeyID)), ("keys", .all(.key)),
        ("alias", PolicyFixture.named(.alias, "blue")), ("aliases", .all(.alias)),
        ("secret", PolicyFixture.named(.secret, "a/b")), ("user", PolicyFixture.named(.user, "alice")),
        ("users", .all(.user)), ("project", PolicyFixture.named(.project, "p")), ("server", .all(.server)),
    ]

    private func covered(_ statement: String, _ realm: Realm = PolicyFixture.south) throws -> [String] {
        let version =
            statement.contains("acs:")
            ? #""Version":"1","Statement""#
            : statement.contains("qcs:") ? #""version":"2.0","statement""# : #""Version":"1.1","Statement""#
        let policy = try PolicyFixture.policy("{\(version):{\(statement)}}")
        return try Self.resources.filter { name, resource in
            try PolicyFixture.decide([policy], .encrypt, resource, in: realm).allows
        }.map(\.name)
    }

    private static let everyKey = ["alice's", "bob's", "root's", "missing", "keys"]
    private static let service = everyKey + ["alias", "aliases", "secret"]
    private static let administration = ["user", "users", "project", "server"]

    @Test(arguments: [
        ("qcs::*:::*", service + administration),
        ("qcs::kms:::*", service),
        ("qcs::claviger:::*", administration),
        ("qcs:*:kms:*:*:key/*", everyKey),
        ("qcs::kms:ap-guangzhou:uin/100000000001:key/*", everyKey),
        ("qcs::kms:gz:100000000001:key/*", everyKey),
        ("qcs::kms:*-guangzhou::key/*", everyKey),
        ("qcs::kms:ap-shanghai::key/*", []),
        ("qcs::*:ap-guangzhou::*", service),
        ("qcs::*:ap-shanghai::*", []),
        ("qcs::kms::uin/*:key/creatorUin/100000000002/*", ["alice's"]),
        ("qcs::kms:::key/creatorUin/100000000002/0af10000-0000-4000-8000-00000000000a", ["alice's"]),
        ("qcs::kms:::key/creatorUin/100000000003/0af10000-0000-4000-8000-00000000000a", []),
        ("qcs::kms:::key/creatorUin/*/0b5e0000-0000-4000-8000-00000000000b", ["bob's"]),
        ("qcs::kms:::key/creatorUin/*/0af10000-0000-4000-8000-0000000000ff", []),
        ("qcs::kms:::key/creatorUin/*", ["alice's", "bob's", "root's"]),
        ("qcs::kms:::key/creatorUin/*/0*", ["alice's", "bob's"]),
        ("qcs::kms:::key/creatorUin/10000000000*/*b", ["bob's"]),
        ("qcs::kms:::alias/*", ["alias", "aliases"]),
        ("qcs::kms:::alias/bl*", ["alias"]),
        ("qcs::kms:::secret/a/b", ["secret"]),
        ("qcs::kms:::*/b*", ["alias", "secret"]),
        ("qcs::claviger:::user/alice", ["user"]),
        ("qcs::claviger:::server", ["server"]),
    ])
    func `Resources of CAM cover what they say`(resource: String, covered: [String]) throws {
        #expect(try self.covered(#""effect":"allow","action":"*","resource":"\#(resource)""#) == covered)
    }

    @Test(arguments: [
        ("acs:kms:cn-hangzhou:100000000001:key/*", everyKey),
        ("acs:kms:::key", ["keys"]),
        ("acs:kms:::key/0b5e0000-0000-4000-8000-00000000000b", ["bob's"]),
        ("acs:kms:::key/0*", ["alice's", "bob's"]),
        ("acs:kms:::key/????????-0000-4000-8000-00000000000c", ["root's"]),
        ("acs:kms:::key*", everyKey),
        ("acs:kms:::k?y/*", everyKey),
        ("acs:kms:::k?y", ["keys"]),
        ("acs:kms:cn-shanghai::*", []),
        ("acs:*:*:*:*", service + administration),
    ])
    func `Resources of RAM cover what they say`(resource: String, covered: [String]) throws {
        #expect(try self.covered(#""Effect":"Allow","Action":"*","Resource":"\#(resource)""#) == covered)
        let others = Self.resources.map(\.name).filter { !covered.contains($0) }
        #expect(try self.covered(#""Effect":"Allow","Action":"*","NotResource":"\#(resource)""#) == others)
    }

    @Test(arguments: [
        ("kms:ae-ad-1:00112233445566778899aabbccddeeff:KeyId:*", everyKey),
        ("KMS:*:*:KeyId:0af10000-0000-4000-8000-00000000000a", ["alice's"]),
        ("kms:::KeyId:c0de*", ["root's"]),
        ("kms:*:*:*", service),
        ("kms:::secret:a/b", ["secret"]),
        ("claviger:::project:*", ["project"]),
        ("*:::server", ["server"]),
        ("*:cn-south-1::*", service),
    ])
    func `Resources of IAM cover what they say`(resource: String, covered: [String]) throws {
        #expect(try self.covered(#""Effect":"Allow","Action":"*:*:*","Resource":"\#(resource)""#) == covered)
    }

    @Test func `Without resources, a statement of IAM is about all`() throws {
        #expect(try covered(#""Effect":"Allow","Action":"kms:cmk:crypto""#) == Self.resources.map(\.name))
    }

    // MARK: actions

    @Test(arguments: [
        (
            #"{"version":"2.0","statement":{"effect":"Allow","action":"kms:*crypt","resource":"*"}}"#,
            [
                Permission.encrypt, .decrypt, .reEncryptFrom, .reEncryptTo, .encryptDataKey, .decryptDataKey,
                .asymmetricRsaEncrypt, .asymmetricRsaDecrypt, .asymmetricSm2Encrypt, .asymmetricSm2Decrypt,
            ]
        ),
        (
            #"{"version":"2.0","statement":{"effect":"ALLOW","action":"NAME/KMS:list*alias*","resource":"*"}}"#,
            [
                .listAliases, .listAliasesByKeyId,
            ]
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":["*:GetUser","name/kms:Set*"],"resource":"*"}}"#,
            [
                .updateAlias, .getUser,
            ]
        ),
        (
            #"{"Version":"1","Statement":{"Effect":"Allow","Action":"kms:?ncrypt","Resource":"*"}}"#,
            [.encrypt, .encryptDataKey]
        ),
        (
            #"{"Version":"1","Statement":{"Effect":"Allow","Action":"kms:DeleteKeyMaterial","Resource":"*"}}"#,
            [
                .deleteImportedKeyMaterial
            ]
        ),
        (
            #"{"Version":"1","Statement":{"Effect":"Allow","NotAction":["kms:*","claviger:*U*","claviger:*e*"],"Resource":"*"}}"#,
            [.attachPolicy]
        ),
        (
            #"{"Version":"1.1","Statement":{"Effect":"Allow","Action":["kms:dek:*","*:audit:*"]}}"#,
            [
                .generateDataKey, .generateDataKeyWithoutPlaintext, .encryptDataKey, .decryptDataKey, .exportDataKey,
                .generateAndExportDataKey, .generateAsymmetricKeyValuePair, .searchAudit,
            ]
        ),
    ])
    func `Actions mean the permissions whose names fit`(text: String, permissions: [Permission]) throws {
        let rights = Rights([try PolicyFixture.policy(text)])
        #expect(Permission.allCases.filter { rights.mayAllow($0) } == permissions)
    }

    @Test(arguments: [
        #"{"version":"2.0","statement":{"effect":"allow","action":"*","resource":"*"}}"#,
        #"{"version":"2.0","statement":{"effect":"allow","action":"name/*","resource":"*"}}"#,
        #"{"Version":"1","Statement":{"Effect":"Allow","Action":"*:*","Resource":["*"]}}"#,
        #"{"Version":"1.1","Statement":[{"Effect":"Allow","Action":"*:*:*"}]}"#,
        #"{"Version":"1","Statement":{"Effect":"Allow","NotAction":"kms:Encrypt","NotResource":"acs:kms:::secret"}}"#,
    ])
    func `Everything is every permission`(text: String) throws {
        let rights = Rights([try PolicyFixture.policy(text)])
        let isButOne = text.contains("NotAction")
        #expect(Permission.allCases.filter { !rights.mayAllow($0) } == (isButOne ? [.encrypt, .encryptDataKey] : []))
    }

    // MARK: decisions

    private func policy(_ name: String, _ effects: String...) throws -> Policy {
        let statements = effects.map { #"{"effect":"\#($0)","action":"name/kms:Encrypt","resource":"*"}"# }
        return try PolicyFixture.policy(
            #"{"version":"2.0","statement":[\#(statements.joined(separator: ","))]}"#, named: name)
    }

    @Test func `The first denying statement decides, else the first allowing one, by the policies' names`() throws {
        func decide(_ policies: Policy...) throws -> AccessDecision {
            try PolicyFixture.decide(policies, .encrypt, PolicyFixture.alicesKey)
        }
        let label = { (policy: String, number: Int) in StatementLabel(policy: policy, number: number) }
        #expect(try decide() == .notAllowed)
        #expect(try decide(policy("b", "allow"), policy("a", "allow", "allow")) == .allowed(by: label("a", 1)))
        #expect(try decide(policy("a", "allow", "deny", "deny"), policy("b", "deny")) == .denied(by: label("a", 2)))
        #expect(
            try decide(policy("c", "deny"), policy("a", "allow"), policy("b", "deny")) == .denied(by: label("b", 1)))
    }

    @Test func `A statement's label tells the policy and the number`() {
        let label = StatementLabel(policy: "a#b", number: 12)
        #expect(label.policy == "a#b" && label.number == 12 && label.description == "a#b#12")
    }

    @Test func `The root of an account is under no policy`() throws {
        let denial = try policy("a", "deny")
        let resource = PolicyFixture.key(PolicyFixture.alicesKeyID, madeBy: PolicyFixture.root, policy: denial)
        let decision = Rights.root.decide(
            .encrypt, on: resource, in: PolicyFixture.south, for: PolicyFixture.alice, facts: try PolicyFixture.facts())
        #expect(decision == .root)
        #expect(Rights.root.mayAllow(.sealServer))
        #expect(!Rights([denial]).mayAllow(.encrypt))
    }

    // MARK: policies of keys

    private func keyPolicy(_ text: String) throws -> AccessResource {
        let policy = try PolicyFixture.policy(text, named: "key-policy", for: .key)
        return PolicyFixture.key(PolicyFixture.bobsKeyID, madeBy: PolicyFixture.bob.number, policy: policy)
    }

    @Test(arguments: [
        (#"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":"*"}}"#, true, true),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":{"qcs":"qcs::cam::uin/100000000001:uin/100000000002"}}}"#,
            true, false
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":{"qcs":["qcs::cam::uin/100000000001:*"]}}}"#,
            true, true
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":{"qcs":["qcs::cam::uin/100000000009:*","qcs::cam::uin/1:uin/100000000002"]}}}"#,
            false, false
        ),
        (
            #"{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Principal":{"RAM":["acs:ram::100000000001:user/bo?"]}}}"#,
            false, true
        ),
        (
            #"{"Version":"1","Statement":{"Effect":"Allow","Action":"*","Principal":{"RAM":["acs:ram::1:*"]}}}"#, false,
            false
        ),
        (
            #"{"Version":"1.1","Statement":{"Effect":"Allow","Action":"*:*:*","Principal":{"IAM":["iam::00112233445566778899aabbccddeeff:user:alice"]}}}"#,
            true, false
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":"*","resource":"qcs::kms:::key/creatorUin/100000000002/*"}}"#,
            false, false
        ),
        (
            #"{"version":"2.0","statement":{"effect":"allow","action":"name/kms:Decrypt","principal":"*"}}"#, false,
            false
        ),
    ])
    func `A key's policy gives rights to whom it names`(text: String, alice: Bool, bob: Bool) throws {
        let resource = try keyPolicy(text)
        for (principal, expected) in [(PolicyFixture.alice, alice), (PolicyFixture.bob, bob)] {
            let decision = try PolicyFixture.decide([], .encrypt, resource, for: principal)
            #expect(
                decision == (expected ? .allowed(by: StatementLabel(policy: "key-policy", number: 1)) : .notAllowed))
        }
    }

    @Test func `A key's policy that denies beats what others allow, and others beat what it allows`() throws {
        let (allowing, denying) = (try policy("zebra", "allow"), try policy("zebra", "deny"))
        let denied = try keyPolicy(#"{"version":"2.0","statement":{"effect":"deny","action":"*","principal":"*"}}"#)
        let allowed = try keyPolicy(#"{"version":"2.0","statement":{"effect":"allow","action":"*","principal":"*"}}"#)
        #expect(
            try PolicyFixture.decide([allowing], .encrypt, denied)
                == .denied(by: StatementLabel(policy: "key-policy", number: 1)))
        #expect(
            try PolicyFixture.decide([denying], .encrypt, allowed)
                == .denied(by: StatementLabel(policy: "zebra", number: 1)))
        #expect(
            try PolicyFixture.decide([allowing], .encrypt, allowed)
                == .allowed(by: StatementLabel(policy: "zebra", number: 1)))
    }

    // MARK: stored documents

    @Test func `A stored policy that cannot be read denies everything`() throws {
        let document = PolicyDocument(language: .tencent, text: #"{"version":"3.0","statement":[]}"#)
        let policy = PolicyFixture.reader.readStored(
            document, named: "new", for: .identity, account: PolicyFixture.account)
        let allowing = try self.policy("a", "allow")
        for permission in Permission.allCases {
            for (_, resource) in Self.resources {
                #expect(
                    try PolicyFixture.decide([allowing, policy], permission, resource)
                        == .denied(by: StatementLabel(policy: "new", number: 0)))
            }
        }
        let key = PolicyFixture.key(PolicyFixture.alicesKeyID, madeBy: PolicyFixture.root, policy: policy)
        #expect(
            try PolicyFixture.decide([allowing], .encrypt, key)
                == .denied(by: StatementLabel(policy: "new", number: 0)))
    }

    @Test(arguments: [
        ("Allow", "Resource", true, false), ("Deny", "Resource", false, false), ("Allow", "NotResource", true, false),
        ("Deny", "NotResource", false, false),
    ])
    func `A region that is gone gives nobody more rights`(effect: String, member: String, before: Bool, after: Bool)
        throws
    {
        // Before, the statement is about what is in the region, or what is not, seen from the right side.
        let text =
            #"{"Version":"1","Statement":{"Effect":"\#(effect)","Action":"*","\#(member)":"acs:kms:cn-beijing::key/*"}}"#
        let document = PolicyDocument(language: .alibaba, text: text)
        let reduced = PolicyReader(realms: [PolicyFixture.south])
        #expect(throws: KMSError.self) {
            try reduced.read(document, named: "p", for: .identity, account: PolicyFixture.account)
        }
        let allowing = effect == "Deny" ? [try policy("a", "allow")] : []
        let realm = member == "Resource" ? Realm.builtIn[2] : PolicyFixture.south
        for (reader, expected) in [(PolicyFixture.reader, before), (reduced, after)] {
            let policy = reader.readStored(document, named: "p", for: .identity, account: PolicyFixture.account)
            #expect(policy.statements.first?.label.description == "p#1")
            #expect(
                try PolicyFixture.decide(allowing + [policy], .encrypt, PolicyFixture.alicesKey, in: realm).allows
                    == expected)
        }
    }
}
