import ClavigerCore

extension KMSError.Code {
    /// The name that our own dialect answers with.
    var admin: String {
        // Nobody but who knows the secret need hear whether an access key exists.
        self == .accessKeyDisabled ? Self.unknownAccessKey.rawValue : rawValue
    }

    /// The HTTP status (RFC 9110, section 15) that goes with it.
    var adminStatus: Int {
        switch self {
        case .unknownAccessKey, .accessKeyDisabled, .missingCredentials, .malformedSignature, .signatureMismatch,
            .requestExpired, .requestReplayed, .invalidToken, .tokenExpired, .wrongPassword:
            401
        case .accessDenied: 403
        case .throttled: 429

        case .unsupportedMethod: 405
        case .payloadTooLarge: 413
        case .unknownAction: 404
        case .unsupportedVersion, .unknownRealm, .missingParameter, .unknownParameter, .invalidParameter,
            .invalidParameterValue, .malformedKeyID, .duplicateKeyID, .invalidAlias, .invalidKeyUsage, .invalidOrigin,
            .duplicateTag, .invalidPendingWindow, .invalidPlaintext, .invalidCiphertext, .invalidWrappedMaterial,
            .wrongMaterialSize, .materialMismatch, .tooManyTags, .invalidName, .invalidPolicy, .decryptionFailed:
            400

        case .keyNotFound, .bindingNotFound, .accountNotFound, .projectNotFound, .identityNotFound, .groupNotFound,
            .accessKeyNotFound, .policyNotFound, .grantNotFound, .aliasNotFound, .keyVersionNotFound, .secretNotFound,
            .secretVersionNotFound:
            404
        case .aliasExists, .keyDisabled, .wrongKeyState, .keyNotDisabled, .keyNotPendingDeletion, .keyInUse,
            .tooManyKeys, .unsupportedKeyUsage, .unsupportedOperation, .externalKeyCannotRotate, .rotationUnsupported,
            .tooManyRotations, .notExternalKey, .notUserKey, .importTokenExpired, .nameExists, .policyInUse,
            .tooManyAccessKeys, .lastRootKey, .rootIdentity, .tooMany, .rotationNotEnabled, .tooManyGrants,
            .tooManyAliases, .secretExists, .secretVersionExists, .secretPendingDeletion, .secretNotPendingDeletion,
            .tooManySecrets, .tooManyStages:
            409

        case .sealed, .storeUnavailable, .auditUnavailable: 503
        case .backendFailed, .internalFailure: 500
        }
    }
}
