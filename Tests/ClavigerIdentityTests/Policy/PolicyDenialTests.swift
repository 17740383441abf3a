import ClavigerCore
import ClavigerIdentity
import Testing

/// What a policy leaves that allows everything and denies some names.
@Suite struct PolicyDenialTests {
    private func left(_ language: PolicyLanguage, without actions: [String]) throws -> [Permission] {
        let list = actions.map { "\"\($0)\"" }.joined(separator: ",")
        let text =
            switch language {
            case .tencent:
                """
                {"version":"2.0","statement":[{"effect":"allow","action":"*","resource":"*"},
                {"effect":"deny","action":[\(list)],"resource":"*"}]}
                """
            case .alibaba:
                """
                {"Version":"1","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
                {"Effect":"Deny","Action":[\(list)],"Resource":"*"}]}
                """
            case .huawei:
                """
                {"Version":"1.1","Statement":[{"Effect":"Allow","Action":["*:*:*"]},
                {"Effect":"Deny","Action":[\(list)]}]}
                """
            }
        let policy = try PolicyFixture.policy(text)
        return try Permission.allCases.filter {
            try PolicyFixture.decide([policy], $0, PolicyFixture.alicesKey).allows
        }
    }

    /// The names that a vendor's users know for an operation, and all permissions that do it.
    private static let groups: [(PolicyLanguage, [String], [Permission])] = [
        (.tencent, ["name/kms:Encrypt"], [.encrypt, .encryptDataKey]),
        (.tencent, ["name/kms:Decrypt"], [.decrypt, .decryptDataKey]),
        (.tencent, ["name/kms:ReEncrypt"], [.reEncryptFrom, .reEncryptTo]),
        (.tencent, ["name/kms:AsymmetricRsaDecrypt"], [.asymmetricRsaDecrypt]),
        (.tencent, ["name/kms:AsymmetricSm2Decrypt"], [.asymmetricSm2Decrypt]),
        (.tencent, ["name/kms:AsymmetricRsaEncrypt"], [.asymmetricRsaEncrypt]),
        (.tencent, ["name/kms:AsymmetricSm2Encrypt"], [.asymmetricSm2Encrypt]),
        (.tencent, ["name/kms:EnableKey", "name/kms:EnableKeys"], [.enableKey, .enableKeys]),
        (.tencent, ["name/kms:DisableKey", "name/kms:DisableKeys"], [.disableKey, .disableKeys]),
        (.tencent, ["name/kms:DescribeKey", "name/kms:DescribeKeys"], [.describeKey, .describeKeys]),
        (.tencent, ["name/kms:GetKeyAttributes"], [.describeKey]),
        (.tencent, ["name/kms:ListKey"], [.listKeys]),
        (.tencent, ["name/kms:SetKeyAttributes"], [.updateAlias]),
        (.tencent, ["name/kms:GenerateAsymmetricKeyPair"], [.generateAsymmetricKeyValuePair]),
        (.alibaba, ["kms:Encrypt"], [.encrypt, .encryptDataKey]),
        (.alibaba, ["kms:Decrypt"], [.decrypt, .decryptDataKey]),
        (.alibaba, ["kms:ReEncrypt"], [.reEncryptFrom, .reEncryptTo]),
        (.alibaba, ["kms:AsymmetricDecrypt"], [.asymmetricRsaDecrypt, .asymmetricSm2Decrypt]),
        (.alibaba, ["kms:AsymmetricEncrypt"], [.asymmetricRsaEncrypt, .asymmetricSm2Encrypt]),
        (.alibaba, ["kms:AsymmetricSign"], [.signByAsymmetricKey]),
        (.alibaba, ["kms:AsymmetricVerify"], [.verifyByAsymmetricKey]),
        (.alibaba, ["kms:EnableKey"], [.enableKey, .enableKeys]),
        (.alibaba, ["kms:DisableKey"], [.disableKey, .disableKeys]),
        (.alibaba, ["kms:DescribeKey"], [.describeKey, .describeKeys]),
        (.alibaba, ["kms:DeleteKeyMaterial"], [.deleteImportedKeyMaterial]),
        (.alibaba, ["kms:GetKeyPolicy"], [.getKeyPolicy]),
        (.alibaba, ["kms:SetKeyPolicy"], [.putKeyPolicy]),
        (.alibaba, ["kms:*"], [.getKeyPolicy, .putKeyPolicy]),
        (.huawei, ["kms:cmk:crypto"], [.encrypt, .decrypt]),
        (.huawei, ["kms:dek:crypto"], [.encryptDataKey, .decryptDataKey]),
        (.huawei, ["kms:dek:create"], [.generateDataKey, .generateDataKeyWithoutPlaintext]),
        (.huawei, ["kms:cmk:asymmetricDecrypt"], [.asymmetricRsaDecrypt, .asymmetricSm2Decrypt]),
        (.huawei, ["kms:cmk:asymmetricEncrypt"], [.asymmetricRsaEncrypt, .asymmetricSm2Encrypt]),
        (.huawei, ["kms:cmk:enable"], [.enableKey, .enableKeys]),
        (.huawei, ["kms:cmk:disable"], [.disableKey, .disableKeys]),
        (.huawei, ["kms:cmk:get"], [.describeKey, .describeKeys]),
        (.huawei, ["kms:cmk:list"], [.listKeys, .listKeyDetail]),
    ]

    @Test(arguments: groups)
    func `Who is denied what a vendor has a name for cannot do it by another permission`(
        language: PolicyLanguage, actions: [String], group: [Permission]
    ) throws {
        #expect(try left(language, without: actions).filter(group.contains) == [])
    }

    @Test(arguments: groups.filter { !$0.1.contains("kms:*") })
    func `Who is denied some names keeps the rest`(
        language: PolicyLanguage, actions: [String], group: [Permission]
    ) throws {
        // What reads the same plaintexts for somebody else goes with them.
        var gone = group
        if !Set(group).isDisjoint(with: [.decrypt, .decryptDataKey]) { gone.append(.exportDataKey) }
        if group.contains(.generateDataKey) { gone.append(.generateAndExportDataKey) }
        #expect(try left(language, without: actions) == Permission.allCases.filter { !gone.contains($0) })
    }

    @Test(arguments: [(PolicyLanguage.tencent, "name/kms:*"), (.tencent, "kms:*Key*"), (.huawei, "kms:*:*")])
    func `Rights to the service are none to the policies of keys`(language: PolicyLanguage, action: String) throws {
        let left = try left(language, without: [action])
        #expect(left.contains(.getKeyPolicy) && left.contains(.putKeyPolicy))
    }

    @Test(arguments: [
        (PolicyLanguage.tencent, "name/claviger:*"), (.alibaba, "claviger:*"), (.huawei, "claviger:*:*"),
    ])
    func `Rights to the administration are rights to the policies of keys`(
        language: PolicyLanguage, action: String
    ) throws {
        #expect(try left(language, without: [action]) == Permission.allCases.filter { $0.service == .kms })
    }

    @Test func `Nobody knows a key's policy under a name of keys, but RAM`() {
        for permission in [Permission.getKeyPolicy, .putKeyPolicy] { #expect(permission.service == .claviger) }
        #expect(PolicyLanguage.tencent.permissions(named: "name/kms:PutKeyPolicy") == nil)
        #expect(PolicyLanguage.huawei.permissions(named: "kms:cmk:putPolicy") == nil)
        #expect(PolicyLanguage.alibaba.permissions(named: "kms:SetKeyPolicy") == PermissionSet([.putKeyPolicy]))
    }
}
