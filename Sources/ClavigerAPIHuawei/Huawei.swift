package import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto
package import NIOHTTP1

/// The dialect of Huawei Cloud's KMS, API v1.0.
package enum Huawei: APIDialect {
    static let name = "huawei"

    /// Seconds that a signature's date may be off.
    static let clockWindow: Int64 = 900

    static let longestBody = 12 << 20
    private static let longestAnonymousBody = 64 << 10

    /// Bytes of a body from which on it is hashed and read where no other calls wait.
    static let longBody = 256 << 10

    /// Every action: the table of contents.
    static let operations: [HuaweiOperation] = keyOperations + cryptoOperations

    /// What calls are named in audit events, and in limits.
    package static let actionNames = operations.map(\.name)
}

extension Huawei {
    package static func claims(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, headers: HTTPHeaders) -> Bool {
        if path.starts(with: "/v1.0/".utf8) || path.elementsEqual("/v1.0".utf8) || isOfLaterVersion(path) {
            return true
        }
        // At the root other dialects live too; who asks this one for its versions signs as its clients do.
        guard path.elementsEqual("/".utf8), query.isEmpty else { return false }
        return headers.contains(name: "X-Sdk-Date") || headers.contains(name: "X-Auth-Token")
    }

    /// Whether this is a path of API v2, `/v2/{project_id}/kms/…`, of which nothing is here.
    private static func isOfLaterVersion(_ path: ArraySlice<UInt8>) -> Bool {
        guard path.starts(with: "/v2/".utf8) else { return false }
        return path.dropFirst(4).drop { $0 != UInt8(ascii: "/") }.starts(with: "/kms/".utf8)
    }

    package static func bodyLimit(method: HTTPMethod, headers: HTTPHeaders) -> Int {
        // Who does not even claim to be somebody makes the server hold nothing long; he is refused for that first.
        let isSigned = headers["Authorization"].contains { $0.hasPrefix("SDK-") }
        return isSigned || headers.contains(name: "X-Auth-Token") ? longestBody : longestAnonymousBody
    }

    package static func refusal(_ error: KMSError, of request: WireRequest, requestID: String) -> Reply {
        HuaweiEnvelope.failure(error, requestID: requestID)
    }
}
