/// The contract's section 6, and what the vendor's gateway documents for temporary credentials.
enum DocumentedCodes {
    private static let codes: [Int: String] = [
        400: """
        MissingParameter, InvalidParameter, ParseRequestParameterException, IncompleteSignature, SignatureDoesNotMatch, \
        SignatureNonceUsed, IllegalTimestamp, InvalidTimeStamp.Expired, InvalidTimeStamp.Format, InvalidVersion, \
        AliasAlreadyExists, InvalidKeyMaterial, InvalidImportToken, ExpiredImportToken, Unsupported.Origin, \
        Unsupported.Alias, Unsupported.ProtectionLevel, Rejected.LimitExceeded, Rejected.UnsupportedOperation, \
        Forbidden.Opened, Throttling, InvalidSecurityToken.Malformed, InvalidSecurityToken.Expired
        """,
        403: "Forbidden.NoPermission, Forbidden.AccessKey, Forbidden.KmsServiceNotEnabled, UnsupportedHTTPMethod",
        404: """
        InvalidAccessKeyId.NotFound, InvalidAction.NotFound, Forbidden.KeyNotFound, Forbidden.KeyVersionNotFound, \
        Forbidden.AliasNotFound, Forbidden.ResourceNotFound
        """,
        409: """
        Rejected.Enabled, Rejected.Disabled, Rejected.PendingDeletion, Rejected.PendingImport, \
        Rejected.StateModifiedFailed, Rejected.ResourceExist, Rejected.ResourceInDeleteWindow
        """,
        429: "Rejected.Throttling",
        500: "InternalFailure",
        503: "ServiceUnavailableTemporary",
    ]

    private static let statuses: [String: Int] = Dictionary(
        codes.flatMap { status, names in names.split(separator: ", ").map { (String($0), status) } },
        uniquingKeysWith: { first, _ in first })

    static var all: Set<String> { Set(statuses.keys) }

    static func status(of code: String) -> Int? { statuses[code] }
}
