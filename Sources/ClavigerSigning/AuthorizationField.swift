import ClavigerCrypto

/// What the parts of `Authorization` headers may be, in the readers that take each value in one spelling only.
enum AuthorizationField {
    /// The id of an access key: visible and in ASCII, so that it is in no way ambiguous. No access key has anything else.
    static func accessKeyID(_ text: ArraySlice<UInt8>) -> String? {
        guard !text.isEmpty, text.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
        return String(decoding: text, as: UTF8.self)
    }

    /// The 32 bytes of 64 lower-case hexadecimal digits.
    static func signature(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count == 64, !text.contains(where: { 65...70 ~= $0 }) else { return nil }
        return Hex.decode(text)
    }

    /// Whether this is a header's name as it is signed: a token (RFC 9110 section 5.6.2) in lower case.
    static func isHeaderName(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
                case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
                default: false
                }
            }
    }
}
