import ClavigerAPI
import ClavigerCore
import ClavigerSigning
import NIOHTTP1

/// How a request proves who sends it. Nothing of it is verified yet.
enum AdminProof {
    /// A token that signing in gave.
    case session(String)
    case signature(Signature)

    struct Signature {
        let authorization: TC3Authorization
        let timestamp: Int64

        /// The token that temporary credentials come with.
        let token: String?
    }

    /// - Throws: `.missingCredentials` if there is none, `.malformedSignature` or `.invalidParameter` for what cannot be read.
    init(_ headers: HTTPHeaders) throws(KMSError) {
        guard let header = try headers.single("Authorization") else {
            throw KMSError(.missingCredentials, "the header Authorization is missing")
        }
        if let token = Self.bearerToken(header) {
            self = .session(token)
            return
        }
        guard let authorization = TC3Authorization(header) else {
            throw KMSError(
                .malformedSignature, "the header Authorization has neither the form of Bearer nor of TC3-HMAC-SHA256")
        }
        guard let stamp = try headers.single("X-TC-Timestamp") else {
            throw KMSError(.missingCredentials, "the header X-TC-Timestamp is missing")
        }
        guard let timestamp = Int64(stamp) else {
            throw KMSError(.invalidParameter, "X-TC-Timestamp is a number of seconds since 1970")
        }
        _ = try headers.single("Host")
        self = .signature(
            Signature(
                authorization: authorization, timestamp: timestamp, token: try headers.single("X-TC-Token")))
    }

    /// RFC 6750, section 2.1; the name of a scheme is of either case (RFC 9110, section 11.1).
    private static func bearerToken(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}

extension HTTPHeaders {
    /// The value of a header that may be there once: two would let two readers see different requests.
    ///
    /// - Throws: `.malformedSignature`.
    func single(_ name: String) throws(KMSError) -> String? {
        let values = self[name]
        guard values.count <= 1 else {
            throw KMSError(.malformedSignature, "the header \(name.lowercased()) is given twice")
        }
        return values.first
    }
}
