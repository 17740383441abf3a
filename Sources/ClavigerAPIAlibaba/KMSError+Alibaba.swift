import ClavigerCore

extension KMSError {
    /// A fault that has a code of its own in this dialect.
    init(alibaba code: AlibabaCode, _ message: String) {
        self.init(.invalidParameterValue, message, spelling: code.rawValue)
    }

    /// The same error under this code.
    func spelled(_ code: AlibabaCode) -> KMSError {
        KMSError(self.code, message, spelling: code.rawValue, keyState: keyState, cause: cause)
    }

    /// The code that clients are told.
    var alibaba: AlibabaCode {
        if let code = spelling.flatMap(AlibabaCode.init(rawValue:)) { return code }
        return (code.isAboutKeyState ? keyState?.alibabaRejection : nil) ?? code.alibaba
    }
}

extension KeyState {
    /// The code for what a key's state does not allow.
    var alibabaRejection: AlibabaCode {
        switch self {
        case .enabled: .enabled
        // Nothing but decryption is left of an archived key.
        case .disabled, .archived: .disabled
        case .pendingDeletion: .pendingDeletion
        case .pendingImport: .pendingImport
        }
    }
}

extension KMSError.Code {
    /// Whether it says that a key is in a state which does not allow the call.
    var isAboutKeyState: Bool {
        [.keyDisabled, .wrongKeyState, .keyNotDisabled, .keyNotPendingDeletion].contains(self)
    }

    /// The code for what the core has found, where no action says it more exactly.
    var alibaba: AlibabaCode {
        switch self {
        case .unknownAccessKey: .accessKeyNotFound
        case .accessKeyDisabled: .accessKeyDisabled
        case .missingCredentials, .missingParameter: .missingParameter
        case .malformedSignature: .incompleteSignature
        case .signatureMismatch: .signatureDoesNotMatch
        case .requestExpired: .timestampExpired
        case .requestReplayed: .signatureNonceUsed
        case .invalidToken: .securityTokenMalformed
        case .tokenExpired: .securityTokenExpired
        case .wrongPassword, .accessDenied: .noPermission
        case .throttled: .throttled

        case .unsupportedMethod: .unsupportedMethod
        case .payloadTooLarge: .malformedRequest
        case .unknownAction: .actionNotFound
        case .unsupportedVersion: .invalidVersion
        case .unknownRealm, .unknownParameter, .invalidParameter, .invalidParameterValue, .malformedKeyID,
            .duplicateKeyID, .invalidAlias, .invalidOrigin, .duplicateTag, .invalidPendingWindow, .invalidPlaintext,
            .invalidCiphertext, .decryptionFailed, .invalidName, .invalidPolicy:
            .invalidParameter
        case .aliasExists: .aliasAlreadyExists
        case .invalidWrappedMaterial, .wrongMaterialSize, .materialMismatch: .invalidKeyMaterial
        case .importTokenExpired: .expiredImportToken

        case .keyNotFound: .keyNotFound
        case .aliasNotFound: .aliasNotFound
        case .keyVersionNotFound: .keyVersionNotFound
        case .keyDisabled, .wrongKeyState, .keyNotDisabled, .keyNotPendingDeletion: .stateModifiedFailed
        case .invalidKeyUsage, .keyInUse, .notUserKey, .unsupportedKeyUsage, .unsupportedOperation,
            .rotationUnsupported, .rotationNotEnabled:
            .unsupportedOperation
        case .externalKeyCannotRotate, .notExternalKey: .unsupportedOrigin
        case .tooManyTags, .tooManyAliases, .tooManyKeys, .tooManyRotations, .tooManyGrants, .tooManySecrets,
            .tooManyStages:
            .limitExceeded

        case .secretNotFound, .secretVersionNotFound: .resourceNotFound
        case .secretExists, .secretVersionExists: .resourceExists
        case .secretPendingDeletion: .resourceInDeleteWindow
        case .secretNotPendingDeletion: .stateModifiedFailed

        // Of administration and other dialects.
        case .bindingNotFound, .grantNotFound, .accountNotFound, .projectNotFound, .identityNotFound, .groupNotFound,
            .accessKeyNotFound, .policyNotFound:
            .resourceNotFound
        case .nameExists, .policyInUse, .lastRootKey, .rootIdentity: .resourceExists
        case .tooManyAccessKeys, .tooMany: .limitExceeded

        case .sealed, .storeUnavailable, .auditUnavailable: .unavailable
        case .backendFailed, .internalFailure: .internalFailure
        }
    }
}
