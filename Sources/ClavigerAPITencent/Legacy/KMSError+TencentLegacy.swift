import ClavigerCore

extension KMSError.Code {
    /// The number that clients of the legacy API know; see the contract's part B.
    var tencentLegacy: Int {
        switch self {
        case .missingCredentials, .unknownAction, .unsupportedVersion, .unknownRealm, .missingParameter,
            .unknownParameter, .invalidParameter, .invalidParameterValue, .malformedKeyID, .duplicateKeyID,
            .invalidAlias, .invalidKeyUsage, .invalidOrigin, .duplicateTag, .invalidPendingWindow, .invalidPlaintext,
            .payloadTooLarge, .invalidName, .invalidPolicy, .tooManyTags:
            4000
        case .malformedSignature, .signatureMismatch: 4100
        case .accessDenied: 4103
        case .invalidToken, .tokenExpired: 4105
        case .wrongPassword: 4110
        case .unknownAccessKey, .accessKeyDisabled: 4104
        case .throttled: 4400
        case .requestExpired, .requestReplayed: 4500
        case .unsupportedMethod: 4600
        case .keyNotFound, .aliasNotFound, .keyVersionNotFound: 5000
        case .aliasExists, .invalidCiphertext, .invalidWrappedMaterial, .wrongMaterialSize, .materialMismatch,
            .keyDisabled,
            .wrongKeyState, .keyNotDisabled, .keyNotPendingDeletion, .keyInUse, .tooManyKeys, .unsupportedKeyUsage,
            .unsupportedOperation, .externalKeyCannotRotate, .rotationUnsupported, .tooManyRotations, .notExternalKey,
            .notUserKey,
            .importTokenExpired, .bindingNotFound, .decryptionFailed, .accountNotFound, .projectNotFound,
            .identityNotFound, .groupNotFound, .accessKeyNotFound, .policyNotFound, .nameExists, .policyInUse,
            .lastRootKey, .rootIdentity, .tooManyAccessKeys, .tooMany, .rotationNotEnabled, .grantNotFound,
            .tooManyGrants, .tooManyAliases, .secretNotFound, .secretVersionNotFound, .secretExists,
            .secretVersionExists, .secretPendingDeletion, .secretNotPendingDeletion, .tooManySecrets, .tooManyStages:
            5100
        case .sealed, .storeUnavailable, .auditUnavailable, .backendFailed, .internalFailure: 6000
        }
    }
}
