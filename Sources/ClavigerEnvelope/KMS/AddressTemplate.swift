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
        guard !region.utf8.contains(UInt8(ascii: ".")) || isBounded || isLoopback(region) else { return nil }
        // A number alone is an address (inet_aton(3)).
        guard !isRegionAlone || region.utf8.first.map(Self.isLetter) == true || isLoopback(region) else { return nil }
        let name = String(decoding: region.utf8.map(Self.lowercased), as: UTF8.self)
        let host = hostParts.joined(separator: name) + (port.map { ":\($0)" } ?? "")
        return KMSEndpoint(
            url: (isEncrypted ? "https://" : "http://") + host + "/", host: host, isEncrypted: isEncrypted)
    }

    /// Whether a region with dots stays within the domain, of which two labels or more stand behind the last `{region}`: for
    /// `kms-{region}` and `kms-{region}.com`, "x.evil" would lead to another's host.
    private var isBounded: Bool {
        guard hostParts.count > 1, let last = hostParts.last else { return true }
        let labels = last.split(separator: ".", omittingEmptySubsequences: true)
        return labels.count > (last.first == "." ? 1 : 2)
    }

    private var isRegionAlone: Bool { hostParts.count > 1 && hostParts.allSatisfy { $0.isEmpty || $0 == "." } }

    /// Whether the host becomes this machine, by an IPv4 address of 127.0.0.0/8 (RFC 1122 section 3.2.1.3) in four numbers.
    private func isLoopback(_ region: String) -> Bool {
        guard hostParts == ["", ""] else { return false }
        let numbers = region.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127"
            && numbers.allSatisfy { $0.utf8.allSatisfy { 48...57 ~= $0 } && UInt8($0) != nil }
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
