/// The error codes of the dialect (reference of 2022-11-28, chapter "Error Codes") and of the gateway before it. Clients know the codes
/// and their statuses by heart; the texts are what they show to people, so they are the documents' own.
enum HuaweiCode: String, CaseIterable, Sendable {
    case internalFault = "KMS.0101"
    case storageFault = "KMS.0102"
    case unknownURL = "KMS.0201"
    case malformedJSON = "KMS.0202"
    case tooLong = "KMS.0203"
    case missingParameter = "KMS.0204"
    case invalidKeyID = "KMS.0205"
    case invalidSequence = "KMS.0206"
    case invalidContext = "KMS.0208"
    case keyDisabled = "KMS.0209"
    case keyPendingDeletion = "KMS.0210"
    case defaultKey = "KMS.0211"
    case missingToken = "KMS.0301"
    case invalidToken = "KMS.0302"
    case tokenExpired = "KMS.0303"
    case wrongProject = "KMS.0305"
    case noAccessToKey = "KMS.0306"
    case noAccess = "KMS.0307"
    case invalidParameter = "KMS.0308"
    case notExternal = "KMS.0309"
    case notPendingImport = "KMS.0310"
    case materialNotDecrypted = "KMS.0311"
    case externalKeyCannotRotate = "KMS.0312"
    case rotationNotEnabled = "KMS.0313"
    case emptyTagList = "KMS.0401"
    case invalidMatchValue = "KMS.0402"
    case invalidMatchKey = "KMS.0403"
    case invalidAction = "KMS.0404"
    case invalidTagValue = "KMS.0405"
    case invalidTagKey = "KMS.0406"
    case invalidTagListSize = "KMS.0407"
    case invalidResourceType = "KMS.0408"
    case tooManyTags = "KMS.0409"
    case invalidTagValueLength = "KMS.0410"
    case invalidTagKeyLength = "KMS.0411"
    case invalidTagList = "KMS.0412"
    case tooManyTagValues = "KMS.0413"
    case invalidMatches = "KMS.0415"
    case invalidOffset = "KMS.0417"
    case invalidAlias = "KMS.1101"
    case invalidDescription = "KMS.1103"
    case duplicateAlias = "KMS.1104"
    case tooManyKeys = "KMS.1105"
    case keyNotDisabled = "KMS.1201"
    case keyNotEnabled = "KMS.1301"
    case invalidPendingDays = "KMS.1401"
    case alreadyPendingDeletion = "KMS.1402"
    case notPendingDeletion = "KMS.1501"
    case invalidLimit = "KMS.1601"
    case invalidMarker = "KMS.1602"
    case invalidRandomLength = "KMS.1801"
    case invalidDataKeyLength = "KMS.1901"
    case invalidDataKeyLengthWithoutPlaintext = "KMS.2001"
    case invalidPlaintext = "KMS.2101"
    case invalidPlainLength = "KMS.2102"
    case wrongDigest = "KMS.2103"
    case invalidCiphertext = "KMS.2201"
    case invalidCipherLength = "KMS.2202"
    case importTokenExpired = "KMS.2601"
    case invalidExpiry = "KMS.2602"
    case importTokenOfOtherKey = "KMS.2603"
    case wrongMaterialSize = "KMS.2604"
    case invalidImportToken = "KMS.2605"
    case materialMismatch = "KMS.2606"
    case materialNotDeletable = "KMS.2701"

    /// ``invalidTagKey`` of a tag that is well named but not there, which has a status of its own.
    case absentTag = "KMS.0406 (404)"

    /// The gateway's answer to every signature that is not right.
    case wrongSignature = "APIGW.0301"
    /// The gateway's answer to who calls too often.
    case throttled = "APIGW.0308"
}

extension HuaweiCode {
    /// Whether the gateway says it, whose errors have another form than those of the KMS behind it.
    var isOfGateway: Bool { self == .wrongSignature || self == .throttled }

    /// The code as clients see it.
    var word: String { self == .absentTag ? Self.invalidTagKey.rawValue : rawValue }

    private static let faults: Set = [internalFault, storageFault]
    private static let refusals: Set = [
        missingToken, invalidToken, tokenExpired, wrongProject, noAccessToKey, noAccess,
    ]

    /// The HTTP status that goes with it.
    var status: Int {
        if Self.faults.contains(self) { return 500 }
        if Self.refusals.contains(self) { return 403 }
        if self == .wrongSignature { return 401 }
        if self == .absentTag { return 404 }
        return self == .throttled ? 429 : 400
    }

    var text: StaticString {
        switch self {
        case .internalFault: "KMS error."
        case .storageFault: "Abnormal KMS I/O."
        case .unknownURL: "Invalid request URL."
        case .malformedJSON: "Invalid JSON format of the request message."
        case .tooLong: "Request message too long."
        case .missingParameter: "Parameters missing in the request message."
        case .invalidKeyID: "Invalid key ID."
        case .invalidSequence: "Invalid sequence number."
        case .invalidContext: "Invalid value of value encryption_context."
        case .keyDisabled: "The key has been disabled."
        case .keyPendingDeletion: "The key is in Scheduled deletion state and cannot be used."
        case .defaultKey: "Cannot perform this operation on Default Master Keys."
        case .missingToken: "Invalid or null X-Auth-Token."
        case .invalidToken: "Invalid X-Auth-Token."
        case .tokenExpired: "X-Auth-Token expired."
        case .wrongProject: "Invalid X-Auth-Token project name."
        case .noAccessToKey, .noAccess: "No access permissions."
        case .invalidParameter: "Invalid parameter."
        case .notExternal: "External keys required."
        case .notPendingImport: "The key is not in Pending import state."
        case .materialNotDecrypted: "Failed to decrypt data using the RSA private key."
        case .externalKeyCannotRotate: "External keys cannot be rotated."
        case .rotationNotEnabled: "Key rotation is not enabled."
        case .emptyTagList: "Tag list cannot be empty."
        case .invalidMatchValue: "Invalid match value."
        case .invalidMatchKey: "Invalid match key."
        case .invalidAction: "Invalid action."
        case .invalidTagValue: "Invalid tag value."
        case .invalidTagKey, .absentTag: "Invalid tag key."
        case .invalidTagListSize: "Invalid tag list size."
        case .invalidResourceType: "Invalid resourceType."
        case .tooManyTags: "Too many tags."
        case .invalidTagValueLength: "Invalid tag value length."
        case .invalidTagKeyLength: "Invalid tag key length."
        case .invalidTagList: "Invalid tag list."
        case .tooManyTagValues: "Too many tag values."
        case .invalidMatches: "Invalid matches."
        case .invalidOffset: "Invalid offset."
        case .invalidAlias: "Invalid key_alias."
        case .invalidDescription: "Invalid key_description."
        case .duplicateAlias: "Duplicate key aliases."
        case .tooManyKeys: "Too many keys."
        case .keyNotDisabled: "The key is not disabled."
        case .keyNotEnabled: "The key is not enabled."
        case .invalidPendingDays: "Set the pending deletion period between 7 to 1096 days."
        case .alreadyPendingDeletion: "The key is already in Pending deletion state."
        case .notPendingDeletion: "The key is not in Pending deletion state."
        case .invalidLimit: "Invalid limit."
        case .invalidMarker: "marker must be greater than or equals 0."
        case .invalidRandomLength: "random_data_length must be 512 bits."
        case .invalidDataKeyLength: "datakey_length must be in the range 8 bits to 8,192 bits."
        case .invalidDataKeyLengthWithoutPlaintext: "datakey_length must be 512 bits."
        case .invalidPlaintext: "Invalid plain_text."
        case .invalidPlainLength: "datakey_plain_length must be 64 bytes."
        case .wrongDigest: "Failed to verify the DEK hash."
        case .invalidCiphertext: "Invalid cipher_text."
        case .invalidCipherLength: "datakey_cipher_length must be 64 bytes."
        case .importTokenExpired: "Token expired."
        case .invalidExpiry: "Key expiration time must be later than the current time."
        case .importTokenOfOtherKey: "Key IDs in the imported key and token do not match."
        case .wrongMaterialSize: "The external key plaintext length must be 32 bits."
        case .invalidImportToken: "Token verification failed."
        case .materialMismatch:
            "You are importing a deleted key again. The imported plaintext must be the same as the deleted key plaintext."
        case .materialNotDeletable:
            "Key material is not in Enabled or Disabled state and cannot be deleted."
        case .wrongSignature: "Incorrect IAM authentication information: verify aksk signature fail"
        case .throttled: "The throttling threshold has been reached"
        }
    }
}
