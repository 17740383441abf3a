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
        .management(CreateKey.self, .createKey, rate: 100),
        .management(DescribeKey.self, .describeKey, rate: 100),
        .management(DescribeKeys.self, .describeKeys, rate: 100),
        .management(ListKeys.self, .listKeys, rate: 50),
        .management(ListKeyDetail.self, .listKeyDetail, rate: 100),
        .management(EnableKey.self, .enableKey, rate: 100),
        .management(EnableKeys.self, .enableKeys, rate: 100),
        .management(DisableKey.self, .disableKey, rate: 100),
        .management(DisableKeys.self, .disableKeys, rate: 100),
        .management(UpdateAlias.self, .updateAlias, rate: 100),
        .management(UpdateKeyDescription.self, .updateKeyDescription, rate: 100),
        .management(ScheduleKeyDeletion.self, .scheduleKeyDeletion, rate: 20),
        .management(CancelKeyDeletion.self, .cancelKeyDeletion, rate: 20),
        .management(ArchiveKey.self, .archiveKey, rate: 20),
        .management(CancelKeyArchive.self, .cancelKeyArchive, rate: 20),

        // Rotation
        .management(EnableKeyRotation.self, .enableKeyRotation, rate: 100),
        .management(DisableKeyRotation.self, .disableKeyRotation, rate: 100),
        .management(GetKeyRotationStatus.self, .getKeyRotationStatus, rate: 100),
        .management(RotateKey.self, .rotateKey, rate: 20),

        // Imported material
        .management(GetParametersForImport.self, .getParametersForImport, rate: 10),
        .management(ImportKeyMaterial.self, .importKeyMaterial, rate: 10),
        .management(DeleteImportedKeyMaterial.self, .deleteImportedKeyMaterial, rate: 10),

        // Cloud resources
        .management(BindCloudResource.self, .bindCloudResource, rate: 20),
        .management(UnbindCloudResource.self, .unbindCloudResource, rate: 20),
        .management(CreateProductKey.self, named: "Claviger.CreateProductKey", .createProductKey, rate: 100),

        // Symmetric data plane
        .dataPlane(Encrypt.self, .encrypt, rate: 300),
        .dataPlane(Decrypt.self, .decrypt, rate: 300),
        .dataPlane(ReEncrypt.self, .reEncryptFrom, rate: 100),
        .dataPlane(GenerateDataKey.self, .generateDataKey, rate: 100),
        .dataPlane(GenerateRandom.self, .generateRandom, rate: 150),

        // Asymmetric data plane
        .dataPlane(GetPublicKey.self, .getPublicKey, rate: 100),
        .dataPlane(AsymmetricRsaDecrypt.self, .asymmetricRsaDecrypt, rate: 200),
        .dataPlane(AsymmetricSm2Decrypt.self, .asymmetricSm2Decrypt, rate: 200),
        .dataPlane(AsymmetricSm2Encrypt.self, .asymmetricSm2Encrypt, rate: 300),
        .dataPlane(SignByAsymmetricKey.self, .signByAsymmetricKey, rate: 100),
        .dataPlane(VerifyByAsymmetricKey.self, .verifyByAsymmetricKey, rate: 100),
        .dataPlane(GenerateAsymmetricKeyValuePair.self, .generateAsymmetricKeyValuePair, rate: 100),
        .dataPlane(
            GenerateAsymmetricKeyValuePair.self, named: "GenerateAsymmetricKeyPair", .generateAsymmetricKeyValuePair,
            rate: 100),

        // Service
        .dataPlane(GetRegions.self, .getRegions, rate: 20),
        .dataPlane(GetServiceStatus.self, .getServiceStatus, rate: 50),
        .dataPlane(ListAlgorithms.self, .listAlgorithms, rate: 20),
        .dataPlane(DescribeTSMLicenses.self, .describeTSMLicenses, rate: 20),
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

    package static func refusal(_ error: KMSError, of request: WireRequest, requestID: String) -> Reply {
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
