import ClavigerCore

extension PolicyGrammar {
    /// Huawei Cloud's IAM, version 1.1.
    static let huawei = PolicyGrammar(
        language: .huawei,
        version: "1.1",
        wildcards: .asterisk,
        actions: ActionTable(depth: 3, wildcards: .asterisk, names: \.huaweiName),
        hasExclusions: false,
        foreignService: "iam",
        operators: operators,
        anyPrefix: "ForAnyValue:",
        allPrefix: "ForAllValues:",
        ifExistsSuffix: "IfExists",
        keys: [
            "g:SourceIp": .source,
            "g:CurrentTime": .currentTime,
            "g:MFAPresent": .multiFactor,
            "g:UserName": .principalName,
            "g:UserId": .principalID,
        ],
        keyFamilies: [
            ("g:ResourceTag/", { .resourceTag($0) }),
            ("g:RequestTag/", { .requestTag($0) }),
            ("kms:EncryptionContext:", { .encryptionContext($0) }),
        ],
        principalWord: "IAM",
        principalExample: "iam::DOMAIN:user:NAME")

    private static let operators: [String: ConditionOperator] = [
        "StringEquals": ConditionOperator(.text),
        "StringNotEquals": ConditionOperator(.text, isNegated: true),
        "StringEqualsIgnoreCase": ConditionOperator(.textIgnoringCase),
        "StringNotEqualsIgnoreCase": ConditionOperator(.textIgnoringCase, isNegated: true),
        "StringLike": ConditionOperator(.pattern),
        "StringNotLike": ConditionOperator(.pattern, isNegated: true),
        "StringStartWith": ConditionOperator(.prefix),
        "StringNotStartWith": ConditionOperator(.prefix, isNegated: true),
        "StringEndWith": ConditionOperator(.suffix),
        "StringNotEndWith": ConditionOperator(.suffix, isNegated: true),
        "NumberEquals": ConditionOperator(.number(.equal)),
        "NumberNotEquals": ConditionOperator(.number(.equal), isNegated: true),
        "NumberLessThan": ConditionOperator(.number(.less)),
        "NumberLessThanEquals": ConditionOperator(.number(.lessOrEqual)),
        "NumberGreaterThan": ConditionOperator(.number(.greater)),
        "NumberGreaterThanEquals": ConditionOperator(.number(.greaterOrEqual)),
        "DateEquals": ConditionOperator(.time(.equal)),
        "DateNotEquals": ConditionOperator(.time(.equal), isNegated: true),
        "DateLessThan": ConditionOperator(.time(.less)),
        "DateLessThanEquals": ConditionOperator(.time(.lessOrEqual)),
        "DateGreaterThan": ConditionOperator(.time(.greater)),
        "DateGreaterThanEquals": ConditionOperator(.time(.greaterOrEqual)),
        "Bool": ConditionOperator(.flag),
        "IpAddress": ConditionOperator(.address),
        "NotIpAddress": ConditionOperator(.address, isNegated: true),
        "IsNullOrEmpty": ConditionOperator(.emptiness),
        "IsNotNullOrEmpty": ConditionOperator(.emptiness, isNegated: true),
    ]
}

extension Permission {
    /// The name in Huawei's IAM: the vendor's, where it has one, and one that is made like them otherwise.
    fileprivate var huaweiName: String {
        switch self {
        case .createKey: "kms:cmk:create"
        case .createProductKey: "kms:cmk:createProduct"
        case .listKeys, .listKeyDetail: "kms:cmk:list"
        case .describeKey, .describeKeys: "kms:cmk:get"
        case .enableKey, .enableKeys: "kms:cmk:enable"
        case .disableKey, .disableKeys: "kms:cmk:disable"
        case .updateAlias, .updateKeyDescription, .scheduleKeyDeletion, .cancelKeyDeletion: "kms:cmk:update"
        case .archiveKey: "kms:cmk:archive"
        case .cancelKeyArchive: "kms:cmk:cancelArchive"

        case .enableKeyRotation: "kms:cmk:enableRotation"
        case .disableKeyRotation: "kms:cmk:disableRotation"
        case .getKeyRotationStatus: "kms:cmk:getRotation"
        case .rotateKey: "kms:cmk:rotate"
        case .updateRotationPolicy: "kms:cmk:updateRotation"
        case .createKeyVersion: "kms:cmk:createVersion"
        case .describeKeyVersion: "kms:cmk:getVersion"
        case .listKeyVersions: "kms:cmk:listVersion"

        case .getParametersForImport: "kms:cmk:getMaterial"
        case .importKeyMaterial: "kms:cmk:importMaterial"
        case .deleteImportedKeyMaterial: "kms:cmk:deleteMaterial"

        case .bindCloudResource: "kms:cmk:bindResource"
        case .unbindCloudResource: "kms:cmk:unbindResource"

        case .createAlias: "kms:cmk:createAlias"
        case .deleteAlias: "kms:cmk:deleteAlias"
        case .listAliases, .listAliasesByKeyId: "kms:cmk:listAlias"
        case .tagResource: "kms:cmkTag:create"
        case .untagResource: "kms:cmkTag:delete"
        case .listResourceTags, .listTags: "kms:cmkTag:list"
        case .listResourceInstances: "kms:cmkTag:listInstance"
        case .batchTags: "kms:cmkTag:batch"

        case .encrypt, .decrypt: "kms:cmk:crypto"
        case .reEncryptFrom: "kms:cmk:reEncryptFrom"
        case .reEncryptTo: "kms:cmk:reEncryptTo"
        case .generateDataKey, .generateDataKeyWithoutPlaintext: "kms:dek:create"
        case .encryptDataKey, .decryptDataKey: "kms:dek:crypto"
        case .exportDataKey: "kms:dek:export"
        case .generateAndExportDataKey: "kms:dek:createAndExport"
        case .generateRandom: "kms:cmk:generate"

        case .getPublicKey: "kms:cmk:getPublicKey"
        case .asymmetricRsaEncrypt, .asymmetricSm2Encrypt: "kms:cmk:asymmetricEncrypt"
        case .asymmetricRsaDecrypt, .asymmetricSm2Decrypt: "kms:cmk:asymmetricDecrypt"
        case .signByAsymmetricKey: "kms:cmk:sign"
        case .verifyByAsymmetricKey: "kms:cmk:verify"
        case .generateAsymmetricKeyValuePair: "kms:dek:createPair"

        case .createGrant: "kms:grant:create"
        case .listGrants: "kms:grant:list"
        case .listRetirableGrants: "kms:grant:listRetirable"
        case .retireGrant: "kms:grant:retire"
        case .revokeGrant: "kms:grant:revoke"

        case .createSecret: "kms:secret:create"
        case .describeSecret: "kms:secret:get"
        case .listSecrets: "kms:secret:list"
        case .getSecretValue: "kms:secret:getValue"
        case .putSecretValue: "kms:secret:putValue"
        case .updateSecret: "kms:secret:update"
        case .updateSecretVersionStage: "kms:secret:updateStage"
        case .listSecretVersionIds: "kms:secret:listVersion"
        case .deleteSecret: "kms:secret:delete"
        case .restoreSecret: "kms:secret:restore"
        case .getRandomPassword: "kms:secret:generatePassword"

        case .getRegions: "kms:service:listRegion"
        case .getServiceStatus: "kms:service:getStatus"
        case .listAlgorithms: "kms:service:listAlgorithm"
        case .describeTSMLicenses: "kms:service:listLicense"
        case .getInstances: "kms:cmk:getInstance"
        case .getQuotas: "kms:cmk:getQuota"
        case .openKmsService: "kms:service:open"

        case .listUsers: "claviger:users:list"
        case .getUser: "claviger:users:get"
        case .createUser: "claviger:users:create"
        case .updateUser: "claviger:users:update"
        case .deleteUser: "claviger:users:delete"
        case .setPassword: "claviger:users:setPassword"
        case .listAccessKeys: "claviger:accessKeys:list"
        case .createAccessKey: "claviger:accessKeys:create"
        case .updateAccessKey: "claviger:accessKeys:update"
        case .deleteAccessKey: "claviger:accessKeys:delete"
        case .createTemporaryCredentials: "claviger:temporaryCredentials:create"
        case .listGroups: "claviger:groups:list"
        case .getGroup: "claviger:groups:get"
        case .createGroup: "claviger:groups:create"
        case .updateGroup: "claviger:groups:update"
        case .deleteGroup: "claviger:groups:delete"
        case .changeGroupMembers: "claviger:groups:changeMembers"
        case .listPolicies: "claviger:policies:list"
        case .getPolicy: "claviger:policies:get"
        case .createPolicy: "claviger:policies:create"
        case .updatePolicy: "claviger:policies:update"
        case .deletePolicy: "claviger:policies:delete"
        case .attachPolicy: "claviger:policies:attach"
        case .testPolicy: "claviger:policies:test"
        case .getKeyPolicy: "claviger:keys:getPolicy"
        case .putKeyPolicy: "claviger:keys:putPolicy"
        case .listProjects: "claviger:projects:list"
        case .createProject: "claviger:projects:create"
        case .deleteProject: "claviger:projects:delete"
        case .getAccount: "claviger:account:get"
        case .searchAudit: "claviger:audit:search"

        case .listAccounts: "claviger:accounts:list"
        case .createAccount: "claviger:accounts:create"
        case .updateAccount: "claviger:accounts:update"
        case .getServerStatus: "claviger:server:getStatus"
        case .sealServer: "claviger:server:seal"
        }
    }
}
