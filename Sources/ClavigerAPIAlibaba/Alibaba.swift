package import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto
package import NIOHTTP1

/// The dialect of Alibaba Cloud's KMS, API 2016-01-20, in both generations of its signatures.
package enum Alibaba: APIDialect {
    static let name = "alibaba"
    static let version = "2016-01-20"

    /// Seconds that a request's time may be off.
    static let clockWindow: Int64 = 900

    static let longestBody = 1 << 20

    /// Every action: the table of contents.
    static let operations: [AlibabaOperation] =
        keyOperations + cryptoOperations + aliasOperations + secretOperations + serviceOperations

    /// What calls are named in audit events, and in limits.
    package static let actionNames = operations.map(\.name)
}

extension Alibaba {
    /// Parameters that no other dialect has; `Version` alone tells by its value.
    private static let marks = ["AccessKeyId", "SignatureVersion", "SignatureNonce"].map { Array($0.utf8) }
    private static let versionParameter = Array("Version=\(version)".utf8)

    package static func claims(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, headers: HTTPHeaders) -> Bool {
        guard path.elementsEqual("/".utf8) else { return false }
        for (name, value) in headers {
            // Names differ in their lengths, which tells most of the others apart without comparing text.
            switch name.utf8.count {
            case 12: if name.isHeader("x-acs-action") { return true }
            case 13:
                if name.isHeader("x-acs-version") { return true }
                if name.isHeader("authorization"), value.hasPrefix(AlibabaProof.headerPrefix) { return true }
            default: break
            }
        }
        return claims(form: query)
    }

    /// Whether the parameters, still encoded, have a mark of this dialect.
    package static func claims(form: ArraySlice<UInt8>) -> Bool {
        guard !form.isEmpty else { return false }
        for part in form.split(separator: UInt8(ascii: "&")) {
            if part.elementsEqual(versionParameter) { return true }
            let name = part.prefix { $0 != UInt8(ascii: "=") }
            if marks.contains(where: { name.elementsEqual($0) }) { return true }
        }
        return false
    }

    package static func bodyLimit(method: HTTPMethod, headers: HTTPHeaders) -> Int { longestBody }

    package static func refusal(_ error: KMSError, of request: WireRequest, requestID: String) -> Reply {
        AlibabaEnvelope(of: request).failure(error, requestID: requestID)
    }
}
