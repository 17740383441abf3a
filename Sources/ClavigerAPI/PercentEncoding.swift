import ClavigerCrypto

/// Text with percent signs before two hexadecimal digits (RFC 3986, section 2.1).
package enum PercentEncoding {
    /// What `+` means: a blank in forms, itself where only RFC 3986 counts.
    package enum Plus: UInt8, Sendable {
        case blank = 0x20
        case plus = 0x2B
    }

    /// The bytes that are meant; `nil` if a percent sign stands before anything else.
    package static func decode(_ text: ArraySlice<UInt8>, plus: Plus = .plus) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(plus.rawValue)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(Hex.value), let low = rest.popFirst().flatMap(Hex.value)
                else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}
