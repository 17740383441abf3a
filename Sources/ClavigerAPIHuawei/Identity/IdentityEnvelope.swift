import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// The form of the identity service's answers; its errors are `{"error": {"code": 401, "message": "…", "title": "Unauthorized"}}`. Signatures
/// are the gateway's matter, here as everywhere.
enum IdentityEnvelope {
    private static let contentType = "application/json"

    static func success(
        _ json: JSONWriter, status: Int, requestID: String, headers: [(name: StaticString, value: String)] = []
    ) -> Reply {
        Reply(
            status: status, contentType: contentType, body: json.bytes,
            headers: [("X-Request-Id", requestID), ("X-IAM-Trace-Id", requestID)] + headers)
    }

    static func failure(_ error: KMSError, requestID: String) -> Reply {
        if error.huawei == .wrongSignature { return HuaweiEnvelope.failure(error, requestID: requestID) }
        let (status, title) = error.code.identityStatus
        var json = JSONWriter()
        json.object { json in
            json.name("error")
            json.object { json in
                json.member("code", status)
                json.member("message", error.message)
                json.member("title", "\(title)")
            }
        }
        return success(json, status: status, requestID: requestID)
    }
}

extension KMSError.Code {
    /// The HTTP status with its words (RFC 9110, section 15).
    fileprivate var identityStatus: (Int, StaticString) {
        switch self {
        case .unknownAccessKey, .accessKeyDisabled, .missingCredentials, .malformedSignature, .signatureMismatch,
            .requestExpired,
            .requestReplayed, .invalidToken, .tokenExpired, .wrongPassword, .projectNotFound:
            (401, "Unauthorized")
        case .accessDenied: (403, "Forbidden")
        case .unknownAction: (404, "Not Found")
        case .throttled: (429, "Too Many Requests")
        case .sealed, .storeUnavailable, .auditUnavailable: (503, "Service Unavailable")
        case .backendFailed, .internalFailure: (500, "Internal Server Error")
        case .unsupportedMethod, .payloadTooLarge, .unsupportedVersion, .unknownRealm, .missingParameter,
            .unknownParameter, .invalidParameter, .invalidParameterValue, .malformedKeyID, .duplicateKeyID,
            .invalidAlias, .aliasExists, .invalidKeyUsage, .invalidOrigin, .duplicateTag, .tooManyTags,
            .invalidPendingWindow, .invalidPlaintext, .invalidCiphertext, .invalidWrappedMaterial,
            .wrongMaterialSize, .materialMismatch, .keyNotFound, .keyDisabled, .wrongKeyState, .keyNotDisabled,
            .keyNotPendingDeletion, .keyInUse, .tooManyKeys, .unsupportedKeyUsage, .unsupportedOperation,
            .externalKeyCannotRotate, .rotationUnsupported, .rotationNotEnabled, .tooManyRotations, .notExternalKey,
            .notUserKey, .importTokenExpired, .bindingNotFound, .grantNotFound, .tooManyGrants, .decryptionFailed,
            .accountNotFound, .identityNotFound, .groupNotFound, .accessKeyNotFound, .policyNotFound, .nameExists,
            .invalidName, .invalidPolicy, .policyInUse, .tooManyAccessKeys, .lastRootKey, .rootIdentity, .tooMany,
            .aliasNotFound, .keyVersionNotFound, .tooManyAliases, .secretNotFound, .secretVersionNotFound,
            .secretExists, .secretVersionExists, .secretPendingDeletion, .secretNotPendingDeletion, .tooManySecrets,
            .tooManyStages:
            (400, "Bad Request")
        }
    }
}
