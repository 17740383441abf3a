package import ClavigerAPI
package import ClavigerCore
import ClavigerCrypto
package import NIOHTTP1

/// The few calls of Huawei Cloud's identity service (IAM v3) that clients of the KMS make: tokens, projects and domains.
package enum HuaweiIdentity: APIDialect {
    private static let longestBody = 64 << 10

    package static func claims(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, headers: HTTPHeaders) -> Bool {
        path.starts(with: "/v3/".utf8) || path.starts(with: "/v3.0/".utf8) || path.elementsEqual("/v3".utf8)
    }

    package static func bodyLimit(method: HTTPMethod, headers: HTTPHeaders) -> Int { longestBody }

    package static func refusal(_ error: KMSError, of request: WireRequest, requestID: String) -> Reply {
        IdentityEnvelope.failure(error, requestID: requestID)
    }
}

/// A call of the identity service.
enum IdentityCall: String, CaseIterable {
    case createToken = "create-token"
    case inspectToken = "inspect-token"
    case revokeToken = "revoke-token"
    case listProjects = "list-projects"
    case listDomains = "list-domains"

    /// - Throws: `.unknownAction`, `.unsupportedMethod`.
    init(_ method: HTTPMethod, _ path: ArraySlice<UInt8>) throws(KMSError) {
        switch (String(decoding: path, as: UTF8.self), method) {
        case ("/v3/auth/tokens", .POST): self = .createToken
        case ("/v3/auth/tokens", .GET): self = .inspectToken
        case ("/v3/auth/tokens", .DELETE): self = .revokeToken
        case ("/v3/projects", .GET), ("/v3/auth/projects", .GET): self = .listProjects
        case ("/v3/auth/domains", .GET): self = .listDomains
        case ("/v3/auth/tokens", _), ("/v3/projects", _), ("/v3/auth/projects", _), ("/v3/auth/domains", _):
            throw KMSError(.unsupportedMethod, "this path does not take the method")
        default: throw KMSError(.unknownAction, "nothing is at this path")
        }
    }
}
