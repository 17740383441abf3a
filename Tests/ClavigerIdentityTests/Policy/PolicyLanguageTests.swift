import ClavigerCore
import ClavigerIdentity
import Testing

@Suite struct PolicyLanguageTests {
    @Test func `The page for users lists every permission once`() {
        #expect(DocumentedActions.page.rows.map(\.permission) == Permission.allCases)
    }

    @Test func `Every example on the page for users is a policy`() throws {
        #expect(DocumentedActions.page.examples.count == 6)
        for text in DocumentedActions.page.examples {
            let kind: PolicyKind = text.lowercased().contains("principal\"") ? .key : .identity
            #expect(throws: Never.self, "\(text)") { try PolicyFixture.policy(text, for: kind) }
        }
    }

    @Test(arguments: PolicyLanguage.allCases)
    func `Every name on the page for users means what the page says`(language: PolicyLanguage) throws {
        for (name, permissions) in try #require(DocumentedActions.page.names[language]) {
            #expect(language.permissions(named: name) == PermissionSet(permissions), "\(name)")
        }
    }

    @Test(arguments: PolicyLanguage.allCases)
    func `Every permission has the name that the page for users says, and it is reached by it`(
        language: PolicyLanguage
    ) throws {
        for row in DocumentedActions.page.rows {
            let name = language.name(of: row.permission)
            #expect(name == row.names[language])
            #expect(try #require(language.permissions(named: name)).contains(row.permission), "\(name)")
        }
    }

    @Test(arguments: PolicyLanguage.allCases)
    func `No name is on the page that differs from another only by case`(language: PolicyLanguage) throws {
        let names = try #require(DocumentedActions.page.names[language]).keys
        #expect(Set(names.map { $0.lowercased() }).count == names.count)
    }

    @Test(arguments: [
        (PolicyLanguage.tencent, "kms:encrypt", [Permission.encrypt, .encryptDataKey]),
        (.tencent, "NAME/KMS:ENCRYPT", [.encrypt, .encryptDataKey]),
        (.tencent, "name/kms:SetKeyAttributes", [.updateAlias]),
        (.tencent, "kms:Claviger.CreateProductKey", [.createProductKey]),
        (.alibaba, "kms:AsymmetricDecrypt", [.asymmetricRsaDecrypt, .asymmetricSm2Decrypt]),
        (.alibaba, "KMS:asymmetricsign", [.signByAsymmetricKey]),
        (.huawei, "kms:cmk:enable", [.enableKey, .enableKeys]),
        (.huawei, "kms:cmk:crypto", [.encrypt, .decrypt]),
        (.huawei, "KMS:CMKTAG:LIST", [.listResourceTags, .listTags]),
    ])
    func `Names are found whatever their case`(language: PolicyLanguage, name: String, permissions: [Permission]) {
        #expect(language.permissions(named: name) == PermissionSet(permissions))
    }

    @Test(
        arguments: PolicyLanguage.allCases, ["", "*", "kms:*", "kms", "Encrypt", "kms:", ":", "kms:Encrypt ", "kms::"])
    func `Patterns and what is no name stand for nothing`(language: PolicyLanguage, name: String) {
        #expect(language.permissions(named: name) == nil)
    }

    @Test(arguments: [
        (#"{"version":"2.0"}"#, PolicyLanguage.tencent),
        (#"{"Version":"1","Statement":[]}"#, .alibaba),
        (#" {"Statement":1,"Version":"1.1"} "#, .huawei),
    ])
    func `The version tells the language`(text: String, language: PolicyLanguage) {
        #expect(PolicyReader.language(of: text) == language)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"version":"1"}"#, #"{"Version":"2.0"}"#, #"{"Version":1}"#, #"{"version":2.0}"#,
        #"{"Version":"1","Version":"1"}"#, #"{"VERSION":"2.0"}"#,
    ])
    func `Anything else tells no language`(text: String) { #expect(PolicyReader.language(of: text) == nil) }

    private static let key = "0af10000-0000-4000-8000-00000000000a"

    @Test(arguments: [
        (PolicyLanguage.tencent, "qcs::kms:ap-guangzhou:uin/100000000001:key/creatorUin/5/\(key)", "key \(key) 5"),
        (.tencent, "qcs::kms::100000000001:key/creatorUin/*/\(key)", "key \(key) -"),
        (.tencent, "qcs::kms:::key/*", "key all"),
        (.tencent, "qcs::claviger:::user/alice", "user alice"),
        (.tencent, "qcs::claviger:::server", "server all"),
        (.tencent, key, "key \(key) -"),
        (.tencent, "*", "key all"),
        (.alibaba, "acs:kms:cn-hangzhou:100000000001:key/\(key)", "key \(key) -"),
        (.alibaba, "acs:kms:::key", "key all"),
        (.alibaba, "acs:kms:*:*:secret/a/b", "secret a/b"),
        (.huawei, "KMS::00112233445566778899aabbccddeeff:KeyId:\(key)", "key \(key) -"),
        (.huawei, "kms:::KeyId:*", "key all"),
        (.huawei, "kms:::alias:a:b", "alias a:b"),
        (.huawei, "claviger:::server", "server all"),
    ])
    func `Resources are found by their names`(language: PolicyLanguage, text: String, meaning: String) throws {
        let resource = try #require(language.resource(text, for: .encrypt, account: PolicyFixture.account))
        let name =
            switch resource.name {
            case .all: "all"
            case .key(let id): "\(id) \(resource.creator?.description ?? "-")"
            case .text(let text), .new(let text): text
            }
        #expect("\(resource.kind) \(name)" == meaning)
    }

    @Test(arguments: [
        (PolicyLanguage.tencent, "qcs::kms:::key/creatorUin/5"), (.tencent, "qcs::kms::uin/7:key/*"),
        (.tencent, "qcs::kms:::key/\(key)"), (.tencent, "qcs::kms:::user/alice"), (.tencent, "qcs::*:::key/*"),
        (.tencent, "acs:kms:::key/*"), (.tencent, "qcs::kms:::key"), (.tencent, ""), (.alibaba, "acs:kms:::key/a"),
        (.alibaba, "acs:kms::7:key/*"), (.huawei, "kms:::KeyId:"), (.huawei, "kms:::KeyId"),
        (.huawei, "claviger:::server:*"),
    ])
    func `What names no resource gives none`(language: PolicyLanguage, text: String) {
        #expect(language.resource(text, for: .encrypt, account: PolicyFixture.account) == nil)
    }

    @Test(arguments: [
        (Permission.createUser, AccessResource.Kind.user), (.listGroups, .group), (.createSecret, .secret),
        (.listAliases, .alias), (.createKey, .key), (.searchAudit, .server), (.testPolicy, .policy),
        (.deleteProject, .project),
    ])
    func `An asterisk is all of what the permission is about`(permission: Permission, kind: AccessResource.Kind) throws
    {
        let resource = try #require(
            PolicyLanguage.huawei.resource("*", for: permission, account: PolicyFixture.account))
        #expect(resource.kind == kind)
        #expect(resource.name == .all)
    }

    @Test func `An asterisk is what the permission is checked on, where that is always all of a kind`() {
        for permission in Permission.allCases {
            if case .all(let kind) = permission.scope { #expect(permission.resourceKind == kind, "\(permission)") }
        }
    }

    @Test(arguments: [
        (Permission.getRandomPassword, AccessResource.Kind.secret), (.getAccount, .project), (.listKeys, .key),
        (.listAliases, .alias), (.sealServer, .server),
    ])
    func `What is about all of a kind is checked on these`(permission: Permission, kind: AccessResource.Kind) {
        guard case .all(kind) = permission.scope else {
            Issue.record("\(permission.scope)")
            return
        }
    }

    @Test(arguments: [
        (PolicyLanguage.tencent, "qcs::kms:gz::key/*", "gz"), (.tencent, "qcs::kms:*::key/*", ""),
        (.alibaba, "acs:kms:::key/*", ""), (.huawei, "kms:cn-east-3::KeyId:*", "cn-east-3"), (.huawei, "*", ""),
    ])
    func `The region of a resource is told if its name tells it`(language: PolicyLanguage, text: String, region: String)
    {
        #expect((language.region(inResource: text) ?? "") == region)
    }
}
