package import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto
package import NIOHTTP1

/// Our own dialect: administration of accounts, identities, policies and the server, as JSON under `/admin/v1`.
package enum Admin: APIDialect {
    package static let name = "admin"

    /// The service in the scope of signatures.
    package static let service = "claviger"

    /// What every path begins with.
    package static let prefix = "/admin/v1"

    /// Seconds that a signed request's timestamp may be off.
    static let clockWindow: Int64 = 300

    static let longestQuery = 32 << 10
    static let longestBody = 1 << 20

    /// Paths below the prefix that are answered also while the server is sealed, and so not by this dialect.
    private static let operationsPaths = ["/admin/v1/seal-status", "/admin/v1/unseal"]
}

extension Admin {
    package static func claims(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, headers: HTTPHeaders) -> Bool {
        guard path.starts(with: prefix.utf8) else { return false }
        let rest = path.dropFirst(prefix.utf8.count)
        guard rest.isEmpty || rest.first == UInt8(ascii: "/") else { return false }
        return !operationsPaths.contains { path.elementsEqual($0.utf8) }
    }

    package static func bodyLimit(method: HTTPMethod, headers: HTTPHeaders) -> Int { longestBody }

    package static func refusal(_ error: KMSError, of request: WireRequest, requestID: String) -> Reply {
        AdminEnvelope.failure(error, requestID: requestID)
    }
}
