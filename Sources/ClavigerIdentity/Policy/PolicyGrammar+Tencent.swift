import ClavigerCore

extension PolicyGrammar {
    /// Tencent Cloud's CAM, version 2.0.
    static let tencent = PolicyGrammar(
        language: .tencent,
        version: "2.0",
        wildcards: .asterisk,
        actions: ActionTable(
            prefix: "name/",
            depth: 2,
            wildcards: .asterisk,
            names: \.name,
            aliases: [
                // The legacy API's names for what 2019-01-18 has under others.
                ("kms:ListKey", [.listKeys]),
                ("kms:GetKeyAttributes", [.describeKey]),
                ("kms:SetKeyAttributes", [.updateAlias]),
                ("kms:ReEncrypt", [.reEncryptFrom, .reEncryptTo]),
                ("kms:GenerateAsymmetricKeyPair", [.generateAsymmetricKeyValuePair]),
                ("kms:Claviger.CreateProductKey", [.createProductKey]),
                // This vendor's Encrypt and Decrypt are what data keys are wrapped and opened with; who denies them must
                // not leave a way around.
                ("kms:Encrypt", [.encryptDataKey]),
                ("kms:Decrypt", [.decryptDataKey]),
            ]),
        hasExclusions: false,
        foreignService: "cam",
        operators: operators,
        anyPrefix: "for_any_value:",
        allPrefix: "for_all_value:",
        ifExistsSuffix: "_if_exist",
        keys: [
            "qcs:ip": .source,
            "qcs:current_time": .currentTime,
            "qcs:mfa": .multiFactor,
            "qcs:uin": .principalNumber,
            "qcs:username": .principalName,
            "qcs:resource_tag": .resourceTags,
            "qcs:request_tag": .requestTags,
        ],
        keyFamilies: [
            ("qcs:resource_tag/", { .resourceTag($0) }),
            ("qcs:request_tag/", { .requestTag($0) }),
            ("kms:EncryptionContext:", { .encryptionContext($0) }),
        ],
        principalWord: "qcs",
        principalExample: "qcs::cam::uin/ACCOUNT:uin/USER")

    private static let operators: [String: ConditionOperator] = [
        "string_equal": ConditionOperator(.text),
        "string_not_equal": ConditionOperator(.text, isNegated: true),
        "string_equal_ignore_case": ConditionOperator(.textIgnoringCase),
        "string_not_equal_ignore_case": ConditionOperator(.textIgnoringCase, isNegated: true),
        "string_like": ConditionOperator(.pattern),
        "string_not_like": ConditionOperator(.pattern, isNegated: true),
        "numeric_equal": ConditionOperator(.number(.equal)),
        "numeric_not_equal": ConditionOperator(.number(.equal), isNegated: true),
        "numeric_less_than": ConditionOperator(.number(.less)),
        "numeric_less_than_equal": ConditionOperator(.number(.lessOrEqual)),
        "numeric_greater_than": ConditionOperator(.number(.greater)),
        "numeric_greater_than_equal": ConditionOperator(.number(.greaterOrEqual)),
        "date_equal": ConditionOperator(.time(.equal)),
        "date_not_equal": ConditionOperator(.time(.equal), isNegated: true),
        "date_less_than": ConditionOperator(.time(.less)),
        "date_less_than_equal": ConditionOperator(.time(.lessOrEqual)),
        "date_greater_than": ConditionOperator(.time(.greater)),
        "date_greater_than_equal": ConditionOperator(.time(.greaterOrEqual)),
        "bool_equal": ConditionOperator(.flag),
        "ip_equal": ConditionOperator(.address),
        "ip_not_equal": ConditionOperator(.address, isNegated: true),
        "null_equal": ConditionOperator(.absence),
    ]
}
