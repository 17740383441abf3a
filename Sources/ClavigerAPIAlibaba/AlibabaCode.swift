/// What clients are told went wrong: the contract's section 6, and what the vendor's gateway says of temporary credentials.
enum AlibabaCode: String, CaseIterable {
    case missingParameter = "MissingParameter"
    case invalidParameter = "InvalidParameter"
    case malformedRequest = "ParseRequestParameterException"
    case incompleteSignature = "IncompleteSignature"
    case signatureDoesNotMatch = "SignatureDoesNotMatch"
    case signatureNonceUsed = "SignatureNonceUsed"
    case illegalTimestamp = "IllegalTimestamp"
    case timestampExpired = "InvalidTimeStamp.Expired"
    case timestampFormat = "InvalidTimeStamp.Format"
    case securityTokenMalformed = "InvalidSecurityToken.Malformed"
    case securityTokenExpired = "InvalidSecurityToken.Expired"
    case invalidVersion = "InvalidVersion"
    case aliasAlreadyExists = "AliasAlreadyExists"
    case invalidKeyMaterial = "InvalidKeyMaterial"
    case invalidImportToken = "InvalidImportToken"
    case expiredImportToken = "ExpiredImportToken"
    case unsupportedOrigin = "Unsupported.Origin"
    case unsupportedAlias = "Unsupported.Alias"
    case unsupportedProtectionLevel = "Unsupported.ProtectionLevel"
    case limitExceeded = "Rejected.LimitExceeded"
    case unsupportedOperation = "Rejected.UnsupportedOperation"
    case opened = "Forbidden.Opened"

    case noPermission = "Forbidden.NoPermission"
    case accessKeyDisabled = "Forbidden.AccessKey"
    case unsupportedMethod = "UnsupportedHTTPMethod"

    case accessKeyNotFound = "InvalidAccessKeyId.NotFound"
    case actionNotFound = "InvalidAction.NotFound"
    case keyNotFound = "Forbidden.KeyNotFound"
    case keyVersionNotFound = "Forbidden.KeyVersionNotFound"
    case aliasNotFound = "Forbidden.AliasNotFound"
    case resourceNotFound = "Forbidden.ResourceNotFound"

    case enabled = "Rejected.Enabled"
    case disabled = "Rejected.Disabled"
    case pendingDeletion = "Rejected.PendingDeletion"
    case pendingImport = "Rejected.PendingImport"
    case stateModifiedFailed = "Rejected.StateModifiedFailed"
    case resourceExists = "Rejected.ResourceExist"
    case resourceInDeleteWindow = "Rejected.ResourceInDeleteWindow"

    case throttled = "Rejected.Throttling"
    case internalFailure = "InternalFailure"
    case unavailable = "ServiceUnavailableTemporary"

    /// The HTTP status (RFC 9110, section 15).
    var status: Int {
        switch self {
        case .missingParameter, .invalidParameter, .malformedRequest, .incompleteSignature, .signatureDoesNotMatch,
            .signatureNonceUsed, .illegalTimestamp, .timestampExpired, .timestampFormat, .securityTokenMalformed,
            .securityTokenExpired, .invalidVersion, .aliasAlreadyExists, .invalidKeyMaterial, .invalidImportToken,
            .expiredImportToken, .unsupportedOrigin, .unsupportedAlias, .unsupportedProtectionLevel, .limitExceeded,
            .unsupportedOperation, .opened:
            400
        case .noPermission, .accessKeyDisabled, .unsupportedMethod: 403
        case .accessKeyNotFound, .actionNotFound, .keyNotFound, .keyVersionNotFound, .aliasNotFound,
            .resourceNotFound:
            404
        case .enabled, .disabled, .pendingDeletion, .pendingImport, .stateModifiedFailed, .resourceExists,
            .resourceInDeleteWindow:
            409
        case .throttled: 429
        case .internalFailure: 500
        case .unavailable: 503
        }
    }

    /// What to do about it, in a sentence; clients show it as the recommendation.
    var recommendation: StaticString {
        switch self {
        case .missingParameter, .invalidParameter, .malformedRequest:
            "Compare the parameters with the documentation of the action."
        case .incompleteSignature, .signatureDoesNotMatch:
            "Compare the string to sign in the message with your own, and check the AccessKey secret."
        case .signatureNonceUsed: "Use a new nonce for each request."
        case .illegalTimestamp, .timestampExpired, .timestampFormat:
            "Send the time as YYYY-MM-DDThh:mm:ssZ in UTC, and check the clock."
        case .securityTokenMalformed, .securityTokenExpired: "Fetch new temporary credentials."
        case .invalidVersion: "Use version 2016-01-20."
        case .actionNotFound: "Check the name of the action; capitals count."
        case .unsupportedMethod: "Use GET or POST."
        case .accessKeyNotFound, .accessKeyDisabled: "Check the AccessKey id, and whether it is enabled."
        case .noPermission: "Ask the administrator of your account for the permission."
        case .keyNotFound, .keyVersionNotFound, .aliasNotFound, .resourceNotFound:
            "Check the name and the region."
        case .enabled, .disabled, .pendingDeletion, .pendingImport, .stateModifiedFailed, .resourceExists,
            .resourceInDeleteWindow, .aliasAlreadyExists:
            "Look at the present state with the action that describes the resource."
        case .invalidKeyMaterial, .invalidImportToken, .expiredImportToken:
            "Fetch new parameters for the import, and wrap the same material by them."
        case .unsupportedOrigin, .unsupportedAlias, .unsupportedProtectionLevel, .unsupportedOperation:
            "Compare the key with what the action is for."
        case .limitExceeded: "Remove what is not needed any more."
        case .opened: "Nothing; the service is open."
        case .throttled, .unavailable: "Try again later."
        case .internalFailure: "Tell the operator of this server the RequestId."
        }
    }
}
