/// One address of ``KMSAddress``, in which `{region}` may stand.
struct AddressTemplate: Hashable, Sendable {
    private static let placeholder = "{region}"

    private let isEncrypted: Bool

    /// The host in lower case, cut at each `{region}`; an IPv6 address with its brackets.
    private let hostParts: [String]

    /// `nil` for the scheme's own.
    private let port: UInt16?

    /// Reads `[http://|https://]host[:port][/]`; `nil` if it is anything else.
    init?(_ text: [UInt8]) {
        var rest = text[...]
        isEncrypted = !Self.take("http://", from: &rest)
        if isEncrypted { _ = Self.take("https://", from: &rest) }
        if rest.last == UInt8(ascii: "/") { rest.removeLast() }

        let host: ArraySlice<UInt8>
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            host = rest[...end]
            guard Self.isIPv6(host.dropFirst().dropLast()) else { return nil }
        } else {
            host = rest.prefix { $0 != UInt8(ascii: ":") }
        }
        rest = rest[host.endIndex...]
        if let colon = rest.first {
            guard colon == UInt8(ascii: ":"), let port = Self.port(rest.dropFirst()) else { return nil }
            self.port = port == (isEncrypted ? 443 : 80) ? nil : port
        } else {
            port = nil
        }

        let parts = Self.parts(host)
        let isAddress = host.first == UInt8(ascii: "[")
        guard 1...253 ~= host.count, isAddress || parts.allSatisfy({ $0.allSatisfy(Self.isNameCharacter) }) else {
            return nil
        }
        hostParts = parts.map { String(decoding: $0.map(Self.lowercased), as: UTF8.self) }
    }

    /// The address for a region of `A-Z a-z 0-9 - _ .`; `nil` if the region would choose the domain.
    func endpoint(for region: String) -> KMSEndpoint? {
        if hostParts.count > 1, let last = hostParts.last, !last.utf8.dropLast().contains(UInt8(ascii: ".")) {
            // Nothing of the domain stands behind the region, or nothing but the root's dot: "evil.example" for `kms-{region}` is another's host, and a number for
            // `{region}` alone is an address (inet_aton(3)).
            guard !region.utf8.contains(UInt8(ascii: ".")) else { return nil }
            guard hostParts.contains(where: { !$0.isEmpty }) || region.utf8.first.map(Self.isLetter) == true else {
                return nil
            }
        }
        let name = String(decoding: region.utf8.map(Self.lowercased), as: UTF8.self)
        let host = hostParts.joined(separator: name) + (port.map { ":\($0)" } ?? "")
        return KMSEndpoint(
            url: (isEncrypted ? "https://" : "http://") + host + "/", host: host, isEncrypted: isEncrypted)
    }

    /// Whether regions, key ids and hosts may have this character: `A-Z a-z 0-9 - _ .`
    static func isNameCharacter(_ byte: UInt8) -> Bool {
        isLetter(byte) || 48...57 ~= byte || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            || byte == UInt8(ascii: ".")
    }

    private static func isLetter(_ byte: UInt8) -> Bool { 97...122 ~= lowercased(byte) }

    private static func lowercased(_ byte: UInt8) -> UInt8 { 65...90 ~= byte ? byte | 0x20 : byte }

    /// Removes `scheme` from the start, in either case (RFC 3986 section 3.1).
    private static func take(_ scheme: String, from text: inout ArraySlice<UInt8>) -> Bool {
        guard text.prefix(scheme.utf8.count).map(lowercased).elementsEqual(scheme.utf8) else { return false }
        text = text.dropFirst(scheme.utf8.count)
        return true
    }

    private static func port(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard 1...5 ~= digits.count, digits.allSatisfy({ 48...57 ~= $0 }) else { return nil }
        guard let port = UInt16(String(decoding: digits, as: UTF8.self)), port > 0 else { return nil }
        return port
    }

    /// The host cut at each `{region}`.
    private static func parts(_ host: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = host.startIndex
        var index = host.startIndex
        while index < host.endIndex {
            guard host[index...].starts(with: placeholder.utf8) else {
                index += 1
                continue
            }
            parts.append(host[start..<index])
            index += placeholder.utf8.count
            start = index
        }
        parts.append(host[start...])
        return parts
    }

    /// Whether these are the characters of an IPv6 address (RFC 4291 section 2.2); libcurl reads it.
    private static func isIPv6(_ text: ArraySlice<UInt8>) -> Bool {
        2...45 ~= text.count && text.contains(UInt8(ascii: ":"))
            && text.allSatisfy {
                48...57 ~= $0 || 97...102 ~= lowercased($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".")
            }
    }
}
