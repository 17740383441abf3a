"""The parameters of every action, from the contract: names, types, and values that are right."""

STRING, NUMBER, STRINGS, TAGS, FILTERS = "string", "number", "list of strings", "list of tags", "list of filters"

# action -> {name: (type, a right value)}; KEY and BLOB stand for a key's id and a ciphertext. Required ones end with "!".
KEY, BLOB, ALIAS = object(), object(), object()

SIGNATURE_REQUEST = {"KeyId!": (STRING, KEY), "Algorithm!": (STRING, "ECC_P256_R1"), "Message!": (STRING, "YQ=="),
                     "MessageType": (STRING, "RAW")}
KEY_PAIR_REQUEST = {"KeyId!": (STRING, KEY), "KeySpec!": (STRING, "SM2"), "EncryptionPublicKey": (STRING, "x"),
                    "EncryptionAlgorithm": (STRING, "SM2")}
BINDING = {"KeyId!": (STRING, KEY), "ProductId!": (STRING, "p"), "ResourceId!": (STRING, "r")}

ACTIONS = {
    "CreateKey": {"Alias!": (STRING, ALIAS), "Description": (STRING, "d"), "KeyUsage": (STRING, "ENCRYPT_DECRYPT"),
                  "Type": (NUMBER, 1), "Tags": (TAGS, [{"TagKey": "k", "TagValue": "v"}])},
    "DescribeKey": {"KeyId!": (STRING, KEY)},
    "DescribeKeys": {"KeyIds!": (STRINGS, [KEY])},
    "ListKeys": {"Offset": (NUMBER, 0), "Limit": (NUMBER, 1), "Role": (NUMBER, 0)},
    "ListKeyDetail": {"Offset": (NUMBER, 0), "Limit": (NUMBER, 1), "Role": (NUMBER, 0), "OrderType": (NUMBER, 0),
                      "KeyState": (NUMBER, 0), "SearchKeyAlias": (STRING, "x"), "Origin": (STRING, "ALL"),
                      "KeyUsage": (STRING, "ALL"), "TagFilters": (FILTERS, [{"TagKey": "k", "TagValue": ["v"]}])},
    "EnableKey": {"KeyId!": (STRING, KEY)},
    "DisableKey": {"KeyId!": (STRING, KEY)},
    "EnableKeys": {"KeyIds!": (STRINGS, [KEY])},
    "DisableKeys": {"KeyIds!": (STRINGS, [KEY])},
    "UpdateAlias": {"KeyId!": (STRING, KEY), "Alias!": (STRING, ALIAS)},
    "UpdateKeyDescription": {"KeyId!": (STRING, KEY), "Description!": (STRING, "d")},
    "ScheduleKeyDeletion": {"KeyId!": (STRING, KEY), "PendingWindowInDays!": (NUMBER, 7)},
    "CancelKeyDeletion": {"KeyId!": (STRING, KEY)},
    "Encrypt": {"KeyId!": (STRING, KEY), "Plaintext!": (STRING, "YQ=="), "EncryptionContext": (STRING, "{}")},
    "Decrypt": {"CiphertextBlob!": (STRING, BLOB), "EncryptionContext": (STRING, "{}")},
    "ReEncrypt": {"CiphertextBlob!": (STRING, BLOB), "DestinationKeyId": (STRING, KEY),
                  "SourceEncryptionContext": (STRING, "{}"), "DestinationEncryptionContext": (STRING, "{}")},
    "GenerateDataKey": {"KeyId!": (STRING, KEY), "KeySpec": (STRING, "AES_256"), "NumberOfBytes": (NUMBER, 1),
                        "EncryptionContext": (STRING, "{}")},
    "GenerateRandom": {"NumberOfBytes!": (NUMBER, 1)},
    "GetRegions": {}, "GetServiceStatus": {}, "ListAlgorithms": {}, "DescribeTSMLicenses": {},
    "ArchiveKey": {"KeyId!": (STRING, KEY)},
    "CancelKeyArchive": {"KeyId!": (STRING, KEY)},
    "EnableKeyRotation": {"KeyId!": (STRING, KEY), "RotateDays": (NUMBER, 30)},
    "DisableKeyRotation": {"KeyId!": (STRING, KEY)},
    "GetKeyRotationStatus": {"KeyId!": (STRING, KEY)},
    "RotateKey": {"KeyId!": (STRING, KEY)},
    "GetPublicKey": {"KeyId!": (STRING, KEY)},
    "AsymmetricRsaDecrypt": {"KeyId!": (STRING, KEY), "Ciphertext!": (STRING, "YQ=="), "Algorithm!": (STRING, "RSAES_OAEP_SHA_256")},
    "AsymmetricSm2Decrypt": {"KeyId!": (STRING, KEY), "Ciphertext!": (STRING, "YQ==")},
    "AsymmetricSm2Encrypt": {"KeyId!": (STRING, KEY), "Plaintext!": (STRING, "YQ==")},
    "SignByAsymmetricKey": SIGNATURE_REQUEST,
    "VerifyByAsymmetricKey": {**SIGNATURE_REQUEST, "SignatureValue!": (STRING, "YQ==")},
    "GenerateAsymmetricKeyValuePair": KEY_PAIR_REQUEST,
    "GenerateAsymmetricKeyPair": KEY_PAIR_REQUEST,
    "GetParametersForImport": {"KeyId!": (STRING, KEY), "WrappingAlgorithm!": (STRING, "RSAES_OAEP_SHA_1"),
                               "WrappingKeySpec!": (STRING, "RSA_2048")},
    "ImportKeyMaterial": {"KeyId!": (STRING, KEY), "EncryptedKeyMaterial!": (STRING, "YQ=="), "ImportToken!": (STRING, "YQ=="),
                          "ValidTo": (NUMBER, 0)},
    "DeleteImportedKeyMaterial": {"KeyId!": (STRING, KEY)},
    "BindCloudResource": BINDING,
    "UnbindCloudResource": BINDING,
    "Claviger.CreateProductKey": {"Product!": (STRING, "cos"), "Alias": (STRING, "kms-x"), "Description": (STRING, "d")},
}

# Values of wrong types, as JSON texts.
WRONG = {
    STRING: ["1", "0", "-1.5e3", "true", "false", "[]", "{}", '["x"]', '{"a":"b"}', "1" * 400],
    NUMBER: ['"1"', '""', "-1", "1.5", "1e2", "1e400", "99999999999999999999999", "18446744073709551616", "-0.0", "true", "[]",
             "[1]", "{}"],
    STRINGS: ['"x"', "1", "true", "{}", "[1]", "[true]", "[{}]", "[[]]", '["x",1]', '[["x"]]', "[null]", '{"0":"x"}'],
    TAGS: ['"x"', "1", "{}", "[1]", '["x"]', "[[]]", "[null]", '[{"TagKey":1,"TagValue":"v"}]', '[{"TagKey":"k","TagValue":1}]',
           '[{"TagKey":"k","TagValue":["v"]}]', '[{"TagKey":"k","TagValue":{}}]'],
    FILTERS: ['"x"', "1", "{}", "[1]", '["x"]', "[null]", '[{"TagKey":1}]', '[{"TagKey":"k","TagValue":"v"}]',
              '[{"TagKey":"k","TagValue":[1]}]', '[{"TagKey":"k","TagValue":{}}]', '[{"TagKey":"k","TagValue":[null]}]'],
}

# Texts that are no numbers where parameters come flattened.
NO_NUMBERS = ["", " ", "abc", "-1", "+1", "1.5", "1e2", "0x10", " 1", "1 ", "\u0661", "1\x00", "18446744073709551616", "9" * 400, "true"]
