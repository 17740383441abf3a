package import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto
package import NIOHTTP1

/// The dialect of Tencent Cloud's KMS, API 2019-01-18.
package enum Tencent: APIDialect {
    static let name = "tencent"
    static let envelope: any TencentEnvelope.Type = ResponseEnvelope.self
    static let hasDefaultRegion = false
    static let version = "2019-01-18"
    static let service = "kms"

    /// Seconds that a request's timestamp may be off, in both signature families.
    static let clockWindow: Int64 = 300

    static let longestQuery = 32 << 10
    static let longestForm = 1 << 20
    static let longestJSON = 10 << 20

    /// Every action, by the name that clients send: the table of contents.
    static let actions: [TencentOperation] = [
        // Key administration
        .management(CreateKey.self),
        .management(DescribeKey.self),
        .management(DescribeKeys.self),
        .management(ListKeys.self),
        .management(ListKeyDetail.self),
        .management(EnableKey.self),
        .management(EnableKeys.self),
        .management(DisableKey.self),
        .management(DisableKeys.self),
        .management(UpdateAlias.self),
        .management(UpdateKeyDescription.self),
        .management(ScheduleKeyDeletion.self),
        .management(CancelKeyDeletion.self),
        .management(ArchiveKey.self),
        .management(CancelKeyArchive.self),

        // Rotation
        .management(EnableKeyRotation.self),
        .management(DisableKeyRotation.self),
        .management(GetKeyRotationStatus.self),
        .management(RotateKey.self),

        // Imported material
        .management(GetParametersForImport.self),
        .management(ImportKeyMaterial.self),
        .management(DeleteImportedKeyMaterial.self),

        // Cloud resources
        .management(BindCloudResource.self),
        .management(UnbindCloudResource.self),
        .management(CreateProductKey.self, named: "Claviger.CreateProductKey"),

        // Symmetric data plane
        .dataPlane(Encrypt.self),
        .dataPlane(Decrypt.self),
        .dataPlane(ReEncrypt.self),
        .dataPlane(GenerateDataKey.self),
        .dataPlane(GenerateRandom.self),

        // Asymmetric data plane
        .dataPlane(GetPublicKey.self),
        .dataPlane(AsymmetricRsaDecrypt.self),
        .dataPlane(AsymmetricSm2Decrypt.self),
        .dataPlane(AsymmetricSm2Encrypt.self),
        .dataPlane(SignByAsymmetricKey.self),
        .dataPlane(VerifyByAsymmetricKey.self),
        .dataPlane(GenerateAsymmetricKeyValuePair.self),
        .dataPlane(GenerateAsymmetricKeyValuePair.self, named: "GenerateAsymmetricKeyPair"),

        // Service
        .dataPlane(GetRegions.self),
        .dataPlane(GetServiceStatus.self),
        .dataPlane(ListAlgorithms.self),
        .dataPlane(DescribeTSMLicenses.self),
    ]
}

extension Tencent {
    package static func claims(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, headers: HTTPHeaders) -> Bool {
        // At the root other dialects are told apart by marks of their own; a request without any gets its error from this one.
        path.elementsEqual("/".utf8)
    }

    package static func bodyLimit(method: HTTPMethod, headers: HTTPHeaders) -> Int {
        isSignedByHeader(headers) ? longestJSON : longestForm
    }

    package static func refusal(_ error: KMSError, requestID: String) -> Reply {
        envelope.failure(error, requestID: requestID)
    }

    /// Either mark alone is enough, so that a request that lacks the other still gets an error of this dialect.
    static func isSignedByHeader(_ headers: HTTPHeaders) -> Bool {
        if headers.contains(name: "X-TC-Action") { return true }
        return headers["Authorization"].contains { $0.hasPrefix("TC3-HMAC-SHA256") }
    }
}

extension Tencent: TencentGeneration {
    static func parse(_ request: WireRequest) throws(KMSError) -> TencentRequest {
        try TencentRequest.checkFraming(request)
        return isSignedByHeader(request.headers)
            ? try TencentRequest.parseTC3(request) : try TencentRequest.parseV1(request)
    }

    static func requireVersion(_ version: String?) throws(KMSError) {
        guard let version, !version.isEmpty else {
            throw KMSError(.missingParameter, "the version is missing")
        }
        guard version == Self.version else {
            throw KMSError(.unsupportedVersion, "the version is \(Self.version)")
        }
    }

    /// The short names belong to the older generation.
    static func names(of realm: Realm) -> [String] { Array(realm.tencentNames.prefix(1)) }
}
