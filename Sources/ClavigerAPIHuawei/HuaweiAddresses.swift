import ClavigerAPI
import NIOHTTP1

/// How clients reach the server, for answers that tell addresses.
struct HuaweiAddresses: Sendable {
    /// The server's own, for requests that do not say by which they came.
    private let url: String
    private let scheme: Substring

    /// - Parameter url: such as `http://127.0.0.1:7700`.
    init(url: String) {
        self.url = url
        scheme = url.prefix { $0 != ":" }
    }

    /// The address by which a request came.
    func origin(of request: WireRequest) -> String {
        guard let host = request.headers.first(name: "Host"), !host.isEmpty else { return url }
        return "\(scheme)://\(host)"
    }
}
