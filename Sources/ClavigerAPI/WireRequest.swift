package import NIOHTTP1

/// An HTTP request as it came in, whole.
package struct WireRequest: Sendable {
    package let method: HTTPMethod

    /// The target before and after its first `?`, undecoded.
    package let path: ArraySlice<UInt8>
    package let query: ArraySlice<UInt8>
    package let headers: HTTPHeaders
    package let body: [UInt8]

    /// Whether the body was longer than the dialect takes; it was then thrown away.
    package let bodyWasTooLarge: Bool

    /// Address and port of the peer.
    package let source: String

    package init(
        method: HTTPMethod, target: String, headers: HTTPHeaders, body: [UInt8], bodyWasTooLarge: Bool, source: String
    ) {
        self.method = method
        let bytes = Array(target.utf8)
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        path = bytes[..<mark]
        query = mark < bytes.endIndex ? bytes[(mark + 1)...] : []
        self.headers = headers
        self.body = body
        self.bodyWasTooLarge = bodyWasTooLarge
        self.source = source
    }
}
