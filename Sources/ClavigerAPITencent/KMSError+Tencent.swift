import ClavigerCore

extension KMSError.Code {
    /// The code that Tencent's clients know; see the contract's section A7.
    var tencent: String {
        switch self {
        case .unknownAccessKey, .accessKeyDisabled: "AuthFailure.SecretIdNotFound"
        case .missingCredentials: "MissingParameter"
        case .malformedSignature: "AuthFailure.SignatureFailure"
        case .signatureMismatch: "AuthFailure.SignatureFailure"
        case .requestExpired: "AuthFailure.SignatureExpire"
        case .requestReplayed: "AuthFailure.SignatureFailure"
        case .invalidToken, .tokenExpired: "AuthFailure.TokenFailure"
        case .wrongPassword: "AuthFailure"
        case .accessDenied: "AuthFailure.UnauthorizedOperation"
        case .throttled: "RequestLimitExceeded"

        case .unsupportedMethod: "UnsupportedProtocol"
        case .payloadTooLarge: "InvalidParameter"
        case .unknownAction: "InvalidAction"
        case .unsupportedVersion: "NoSuchVersion"
        case .unknownRealm: "UnsupportedRegion"
        case .missingParameter: "MissingParameter"
        case .unknownParameter: "UnknownParameter"
        case .invalidParameter: "InvalidParameter"
        case .invalidParameterValue: "InvalidParameterValue"
        case .malformedKeyID: "InvalidParameterValue.InvalidKeyId"
        case .duplicateKeyID: "InvalidParameterValue.DuplicatedKeyId"
        case .invalidAlias: "InvalidParameterValue.InvalidAlias"
        case .aliasExists: "InvalidParameterValue.AliasAlreadyExists"
        case .invalidKeyUsage: "InvalidParameterValue.InvalidKeyUsage"
        case .invalidOrigin: "InvalidParameterValue.InvalidType"
        case .duplicateTag: "InvalidParameterValue.TagKeysDuplicated"
        case .invalidPendingWindow: "InvalidParameter.InvalidPendingWindowInDays"
        case .invalidPlaintext: "InvalidParameterValue.InvalidPlaintext"
        case .invalidCiphertext: "InvalidParameterValue.InvalidCiphertext"
        case .tooManyTags: "InvalidParameter"
        case .invalidWrappedMaterial, .wrongMaterialSize: "InvalidParameter.DecryptMaterialError"
        case .materialMismatch: "InvalidParameterValue.MaterialNotMatch"

        case .keyNotFound, .aliasNotFound, .keyVersionNotFound: "ResourceUnavailable.CmkNotFound"
        case .keyDisabled: "ResourceUnavailable.CmkDisabled"
        case .wrongKeyState: "ResourceUnavailable.CmkStateNotSupport"
        case .keyNotDisabled: "ResourceUnavailable.CmkShouldBeDisabled"
        case .keyNotPendingDeletion: "ResourceUnavailable.CmkNotPendingDelete"
        case .keyInUse: "FailedOperation.CmkUsedByCloudProduct"
        case .tooManyKeys: "LimitExceeded.CmkLimitExceeded"
        case .unsupportedKeyUsage: "UnsupportedOperation.UnsupportedKeyUsageInCurrentRegion"
        case .unsupportedOperation: "UnsupportedOperation"
        case .externalKeyCannotRotate: "UnsupportedOperation.ExternalCmkCanNotRotate"
        case .tooManyRotations: "RequestLimitExceeded.RotateRateLimited"
        case .rotationNotEnabled: "UnsupportedOperation"
        case .rotationUnsupported: "UnsupportedOperation.RotateNotSupported"
        case .notExternalKey: "UnsupportedOperation.NotExternalCmk"
        case .notUserKey: "UnsupportedOperation.NotUserCreatedCmk"
        case .importTokenExpired: "ResourceUnavailable.TokenExpired"
        case .bindingNotFound: "ResourceUnavailable.CloudResourceBindingNotFound"
        case .decryptionFailed: "FailedOperation.DecryptError"

        // Of administration and secrets, which have dialects of their own.
        case .accountNotFound, .projectNotFound, .identityNotFound, .groupNotFound, .accessKeyNotFound, .policyNotFound,
            .grantNotFound, .secretNotFound, .secretVersionNotFound:
            "ResourceNotFound"
        case .nameExists, .policyInUse, .lastRootKey, .rootIdentity, .secretExists, .secretVersionExists,
            .secretPendingDeletion, .secretNotPendingDeletion:
            "ResourceInUse"
        case .invalidName, .invalidPolicy: "InvalidParameterValue"
        case .tooManyAccessKeys, .tooMany, .tooManyGrants, .tooManyAliases, .tooManySecrets,
            .tooManyStages:
            "LimitExceeded"

        case .sealed, .storeUnavailable, .auditUnavailable: "UnsupportedOperation.ServiceTemporaryUnavailable"
        case .backendFailed, .internalFailure: "InternalError"
        }
    }
}
