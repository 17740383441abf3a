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

    /// The longest body that the request may have.
    static func bodyLimit(method: HTTPMethod, headers: HTTPHeaders) -> Int

    /// An answer that needs neither keys nor a store.
    static func refusal(_ error: KMSError, requestID: String) -> Reply
}
