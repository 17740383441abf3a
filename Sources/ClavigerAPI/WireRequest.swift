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
        (path, query) = Self.split(target)
        self.headers = headers
        self.body = body
        self.bodyWasTooLarge = bodyWasTooLarge
        self.source = source
    }

    /// A request target's path, and what follows its first `?`. In the absolute form (RFC 9112 section 3.2.2) the scheme and the
    /// authority go first.
    package static func split(_ target: String) -> (path: ArraySlice<UInt8>, query: ArraySlice<UInt8>) {
        var bytes = Array(target.utf8)[...]
        for scheme in ["http://", "https://"] where bytes.starts(with: scheme.utf8) {
            let rest = bytes.dropFirst(scheme.utf8.count)
            bytes = rest.drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            if bytes.first != UInt8(ascii: "/") { bytes = [UInt8(ascii: "/")] + bytes }
        }
        let mark = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        return (bytes[..<mark], mark < bytes.endIndex ? bytes[(mark + 1)...] : [])
    }
}
