/// Where a server is: `http://HOST[:PORT]` or `https://HOST[:PORT]`.
struct ServerURL: Hashable, Sendable, CustomStringConvertible {
    enum Scheme: String, Sendable {
        case http, https
    }

    let scheme: Scheme

    /// Host and, unless it is the scheme's own, port: the value of the `Host` header, which is signed.
    let authority: String

    init(_ text: String) throws(CommandFailure) {
        let failure = CommandFailure(
            "\"\(text)\" is no server's address", hint: "it looks like http://127.0.0.1:7700 or https://kms.example.com"
        )
        guard let colon = text.firstRange(of: "://"),
            let scheme = Scheme(rawValue: text[..<colon.lowerBound].lowercased())
        else { throw failure }
        var rest = text[colon.upperBound...]
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        let isAllowed = { (byte: UInt8) in
            48...57 ~= byte || 65...90 ~= byte || 97...122 ~= byte || "-._:[]".utf8.contains(byte)
        }
        guard !rest.isEmpty, rest.utf8.allSatisfy(isAllowed) else { throw failure }
        let (host, port) = try Self.split(rest.lowercased(), failure)
        guard !host.isEmpty else { throw failure }
        let isDefaultPort = port == nil || port == (scheme == .http ? 80 : 443)
        self.scheme = scheme
        authority = isDefaultPort ? host : "\(host):\(port ?? 0)"
    }

    var description: String { "\(scheme.rawValue)://\(authority)" }

    /// The host, an IPv6 address in its brackets, and the port.
    private static func split(_ text: String, _ failure: CommandFailure) throws(CommandFailure) -> (
        host: String, port: Int?
    ) {
        var host = text[...]
        var port: Substring?
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw failure }
            host = text[...end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw failure }
            if !rest.isEmpty { port = rest.dropFirst() }
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        guard let port else { return (String(host), nil) }
        guard let number = Int(port), 1...65535 ~= number else { throw failure }
        return (String(host), number)
    }
}
