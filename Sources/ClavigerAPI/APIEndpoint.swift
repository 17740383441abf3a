package import ClavigerCore
package import NIOHTTP1

/// A dialect at work: requests in, replies out. The server mounts one for each dialect.
package protocol APIEndpoint: Sendable {
    /// Answers a request; never fails, for every failure has its form in the dialect.
    func respond(to request: WireRequest) -> Answer
}

/// What the server must know of a dialect before it has read a request's body, and when no endpoint is at work.
package protocol APIDialect: Sendable {
    /// Whether a request to this path with these headers is one of this dialect.
    static func claims(path: ArraySlice<UInt8>, query: ArraySlice<UInt8>, headers: HTTPHeaders) -> Bool

    /// Whether a request whose head has no mark of any dialect is one of this dialect, by the form in its body, still encoded.
    static func claims(form: ArraySlice<UInt8>) -> Bool

    /// The longest body that the request may have.
    static func bodyLimit(method: HTTPMethod, headers: HTTPHeaders) -> Int

    /// An answer that needs neither keys nor a store.
    static func refusal(_ error: KMSError, of request: WireRequest, requestID: String) -> Reply
}

extension APIDialect {
    package static func claims(form: ArraySlice<UInt8>) -> Bool { false }
}
