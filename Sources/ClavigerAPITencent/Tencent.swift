package import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto
package import NIOHTTP1

/// The dialect of Tencent Cloud's KMS, API 2019-01-18.
package enum Tencent: APIDialect {
    static let name = "tencent"
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

        // Symmetric data plane
        .dataPlane(Encrypt.self),
        .dataPlane(Decrypt.self),
        .dataPlane(ReEncrypt.self),
        .dataPlane(GenerateDataKey.self),
        .dataPlane(GenerateRandom.self),

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
        TencentEnvelope.failure(error, requestID: requestID)
    }

    /// Either mark alone is enough, so that a request that lacks the other still gets an error of this dialect.
    static func isSignedByHeader(_ headers: HTTPHeaders) -> Bool {
        if headers.contains(name: "X-TC-Action") { return true }
        return headers["Authorization"].contains { $0.hasPrefix("TC3-HMAC-SHA256") }
    }
}
