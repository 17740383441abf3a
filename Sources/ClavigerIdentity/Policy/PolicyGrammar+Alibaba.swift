import ClavigerCore

extension PolicyGrammar {
    /// Alibaba Cloud's RAM, version 1.
    static let alibaba = PolicyGrammar(
        language: .alibaba,
        version: "1",
        wildcards: .asteriskAndQuestionMark,
        actions: ActionTable(
            depth: 2,
            wildcards: .asteriskAndQuestionMark,
            names: \.alibabaName,
            aliases: [
                ("kms:ReEncrypt", [.reEncryptFrom, .reEncryptTo]),
                // What this vendor has one action for is divided elsewhere; the parts can be granted by themselves.
                ("kms:AsymmetricDecrypt", [.asymmetricRsaDecrypt, .asymmetricSm2Decrypt]),
                ("kms:AsymmetricEncrypt", [.asymmetricRsaEncrypt, .asymmetricSm2Encrypt]),
                // What this vendor does with these, others have further actions for; who denies them must not leave a way
                // around.
                ("kms:Encrypt", [.encryptDataKey]),
                ("kms:Decrypt", [.decryptDataKey]),
                ("kms:EnableKey", [.enableKeys]),
                ("kms:DisableKey", [.disableKeys]),
                ("kms:DescribeKey", [.describeKeys]),
                ("kms:GetKeyPolicy", [.getKeyPolicy]),
                ("kms:SetKeyPolicy", [.putKeyPolicy]),
                // The names that other languages have.
                ("kms:DeleteImportedKeyMaterial", [.deleteImportedKeyMaterial]),
                ("kms:SignByAsymmetricKey", [.signByAsymmetricKey]),
                ("kms:VerifyByAsymmetricKey", [.verifyByAsymmetricKey]),
                ("kms:GetRegions", [.getRegions]),
                ("kms:GetServiceStatus", [.getServiceStatus]),
            ]),
        hasExclusions: true,
        foreignService: "ram",
        operators: operators,
        anyPrefix: "ForAnyValue:",
        allPrefix: "ForAllValues:",
        ifExistsSuffix: "IfExists",
        keys: [
            "acs:SourceIp": .source,
            "acs:CurrentTime": .currentTime,
            "acs:MFAPresent": .multiFactor,
            "acs:PrincipalUsername": .principalName,
        ],
        keyFamilies: [
            ("kms:tag/", { .resourceTag($0) }),
            ("acs:ResourceTag/", { .resourceTag($0) }),
            ("acs:RequestTag/", { .requestTag($0) }),
            ("kms:EncryptionContext:", { .encryptionContext($0) }),
        ],
        principalWord: "RAM",
        principalExample: "acs:ram::ACCOUNT:user/NAME")

    private static let operators: [String: ConditionOperator] = [
        "StringEquals": ConditionOperator(.text),
        "StringNotEquals": ConditionOperator(.text, isNegated: true),
        "StringEqualsIgnoreCase": ConditionOperator(.textIgnoringCase),
        "StringNotEqualsIgnoreCase": ConditionOperator(.textIgnoringCase, isNegated: true),
        "StringLike": ConditionOperator(.pattern),
        "StringNotLike": ConditionOperator(.pattern, isNegated: true),
        "NumericEquals": ConditionOperator(.number(.equal)),
        "NumericNotEquals": ConditionOperator(.number(.equal), isNegated: true),
        "NumericLessThan": ConditionOperator(.number(.less)),
        "NumericLessThanEquals": ConditionOperator(.number(.lessOrEqual)),
        "NumericGreaterThan": ConditionOperator(.number(.greater)),
        "NumericGreaterThanEquals": ConditionOperator(.number(.greaterOrEqual)),
        "DateEquals": ConditionOperator(.time(.equal)),
        "DateNotEquals": ConditionOperator(.time(.equal), isNegated: true),
        "DateLessThan": ConditionOperator(.time(.less)),
        "DateLessThanEquals": ConditionOperator(.time(.lessOrEqual)),
        "DateGreaterThan": ConditionOperator(.time(.greater)),
        "DateGreaterThanEquals": ConditionOperator(.time(.greaterOrEqual)),
        "Bool": ConditionOperator(.flag),
        "IpAddress": ConditionOperator(.address),
        "NotIpAddress": ConditionOperator(.address, isNegated: true),
        "Null": ConditionOperator(.absence),
    ]
}

extension Permission {
    /// The name in RAM: the vendor's API's, where there is one.
    fileprivate var alibabaName: String { Self.alibabaNames[self] ?? name }

    private static let alibabaNames: [Permission: String] = [
        .deleteImportedKeyMaterial: "kms:DeleteKeyMaterial",
        .signByAsymmetricKey: "kms:AsymmetricSign",
        .verifyByAsymmetricKey: "kms:AsymmetricVerify",
        .getRegions: "kms:DescribeRegions",
        .getServiceStatus: "kms:DescribeAccountKmsStatus",
    ]
}
