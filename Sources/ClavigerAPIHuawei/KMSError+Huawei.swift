import ClavigerCore

extension KMSError {
    /// A fault that has a code of its own in this dialect.
    ///
    /// - Parameter message: for the log; clients hear the code's own text.
    init(_ code: HuaweiCode, _ message: String? = nil) {
        self.init(.invalidParameterValue, message ?? "\(code.text)", spelling: code.rawValue)
    }

    /// The same error under this code.
    func spelled(_ code: HuaweiCode) -> KMSError {
        KMSError(self.code, message, spelling: code.rawValue, cause: cause)
    }

    /// The code that clients are told.
    var huawei: HuaweiCode { spelling.flatMap(HuaweiCode.init(rawValue:)) ?? code.huawei }
}

extension KMSError.Code {
    /// The code for what the core has found, where no operation says it more exactly.
    var huawei: HuaweiCode {
        switch self {
        case .unknownAccessKey, .accessKeyDisabled, .malformedSignature, .signatureMismatch, .requestExpired,
            .requestReplayed:
            .wrongSignature
        case .missingCredentials: .missingToken
        case .invalidToken: .invalidToken
        case .tokenExpired: .tokenExpired
        case .wrongPassword: .missingToken
        case .accessDenied: .noAccess
        case .throttled: .throttled

        case .unsupportedMethod, .unknownAction, .unsupportedVersion, .unknownRealm: .unknownURL
        case .payloadTooLarge: .tooLong
        case .missingParameter: .missingParameter
        case .unknownParameter, .invalidParameter, .invalidParameterValue, .duplicateKeyID, .invalidKeyUsage,
            .invalidOrigin, .invalidName, .invalidPolicy:
            .invalidParameter
        case .malformedKeyID, .keyNotFound, .aliasNotFound, .keyVersionNotFound: .invalidKeyID
        case .invalidAlias: .invalidAlias
        case .aliasExists: .duplicateAlias
        case .duplicateTag: .invalidTagList
        case .tooManyTags: .tooManyTags
        case .invalidPendingWindow: .invalidPendingDays
        case .invalidPlaintext: .invalidPlaintext
        case .invalidCiphertext, .decryptionFailed: .invalidCiphertext
        case .invalidWrappedMaterial: .materialNotDecrypted
        case .wrongMaterialSize: .wrongMaterialSize
        case .materialMismatch: .materialMismatch

        case .keyDisabled: .keyDisabled
        case .wrongKeyState: .keyNotEnabled
        case .keyNotDisabled: .keyNotDisabled
        case .keyNotPendingDeletion: .notPendingDeletion
        case .keyInUse, .unsupportedKeyUsage, .unsupportedOperation, .rotationUnsupported, .tooManyRotations,
            .bindingNotFound:
            .invalidParameter
        case .tooManyKeys: .tooManyKeys
        case .externalKeyCannotRotate: .externalKeyCannotRotate
        case .rotationNotEnabled: .rotationNotEnabled
        case .notExternalKey: .notExternal
        case .notUserKey: .defaultKey
        case .importTokenExpired: .invalidImportToken
        case .grantNotFound, .tooManyGrants, .tooManyAliases: .invalidParameter

        // Of secrets, which have dialects of their own.
        case .secretNotFound, .secretVersionNotFound, .secretExists, .secretVersionExists, .secretPendingDeletion,
            .secretNotPendingDeletion, .tooManySecrets, .tooManyStages:
            .invalidParameter

        case .accountNotFound, .projectNotFound, .identityNotFound, .groupNotFound, .accessKeyNotFound,
            .policyNotFound, .nameExists, .policyInUse, .tooManyAccessKeys, .lastRootKey, .rootIdentity, .tooMany:
            .invalidParameter

        case .storeUnavailable, .auditUnavailable: .storageFault
        case .sealed, .backendFailed, .internalFailure: .internalFault
        }
    }
}
