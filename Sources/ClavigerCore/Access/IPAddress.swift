/// An address of either version of the Internet Protocol. An IPv4 address written as an IPv6 one (RFC 4291 section
/// 2.5.5.2) is the IPv4 address.
package struct IPAddress: Hashable, Sendable {
    /// IPv4 addresses are in the lower 32 bits.
    package let bits: UInt128
    package let isIPv4: Bool

    private init(bits: UInt128, isIPv4: Bool) {
        self.bits = bits
        self.isIPv4 = isIPv4
    }

    private static let mappedPrefix: UInt128 = 0xFFFF

    package init?(_ text: String) { self.init(text.utf8) }

    /// Reads dotted decimals or the forms of RFC 4291 section 2.2, without a zone.
    package init?(_ text: some BidirectionalCollection<UInt8>) {
        if !text.contains(UInt8(ascii: ":")) {
            guard let bits = Self.dotted(text) else { return nil }
            self.init(bits: UInt128(bits), isIPv4: true)
            return
        }
        guard let bits = Self.colons(text) else { return nil }
        let isMapped = bits >> 32 == Self.mappedPrefix
        self.init(bits: isMapped ? bits & 0xFFFF_FFFF : bits, isIPv4: isMapped)
    }

    /// The address of `address:port`; the port is behind the last colon.
    package init?(source: String) {
        guard let colon = source.utf8.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        self.init(source.utf8[..<colon])
    }

    private static func dotted(_ text: some Collection<UInt8>) -> UInt32? {
        var bits: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in text {
            switch byte {
            case 48...57:
                // A leading zero means octal to some programs and nothing to others.
                guard digits == 0 || octet != 0 else { return nil }
                octet = octet * 10 + UInt32(byte - 48)
                digits += 1
                guard octet <= 255 else { return nil }
            case UInt8(ascii: "."):
                guard digits > 0, dots < 3 else { return nil }
                bits = bits << 8 | octet
                (octet, digits) = (0, 0)
                dots += 1
            default: return nil
            }
        }
        guard digits > 0, dots == 3 else { return nil }
        return bits << 8 | octet
    }

    private static func colons(_ text: some BidirectionalCollection<UInt8>) -> UInt128? {
        var bits: UInt128 = 0
        var groups = 0
        // The groups before "::"; what stands behind it is counted from the end.
        var gap: (bits: UInt128, groups: Int)?
        var rest = text[...]
        if rest.first == UInt8(ascii: ":") {
            guard rest.dropFirst().first == UInt8(ascii: ":") else { return nil }
            gap = (0, 0)
            rest = rest.dropFirst(2)
        }
        while let first = rest.first {
            if first == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = (bits, groups)
                (bits, groups) = (0, 0)
                rest = rest.dropFirst()
                continue
            }
            let group = rest.prefix { $0 != UInt8(ascii: ":") }
            let tail = rest[group.endIndex...]
            if tail.isEmpty, group.contains(UInt8(ascii: ".")) {
                guard let address = dotted(group) else { return nil }
                bits = bits << 32 | UInt128(address)
                groups += 2
                rest = tail
                break
            }
            guard let value = hexadecimal(group) else { return nil }
            bits = bits << 16 | UInt128(value)
            groups += 1
            guard groups <= 8 else { return nil }
            if tail.isEmpty {
                rest = tail
            } else {
                rest = tail.dropFirst()
                guard !rest.isEmpty else { return nil }
            }
        }
        guard let gap else { return groups == 8 ? bits : nil }
        // "::" stands for one group of zeros at least (RFC 5952 section 4.2.2 would not even write one).
        guard gap.groups + groups < 8 else { return nil }
        return gap.groups == 0 ? bits : gap.bits << UInt128(16 * (8 - gap.groups)) | bits
    }

    private static func hexadecimal(_ text: some Collection<UInt8>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        var value: UInt16 = 0
        for byte in text {
            switch byte {
            case 48...57: value = value << 4 | UInt16(byte - 48)
            case 65...70: value = value << 4 | UInt16(byte - 55)
            case 97...102: value = value << 4 | UInt16(byte - 87)
            default: return nil
            }
        }
        return value
    }
}
