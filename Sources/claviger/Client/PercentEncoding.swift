import ClavigerCrypto

/// Text in URLs: all but RFC 3986's unreserved characters as `%XX`.
enum PercentEncoding {
    /// - Returns: text that is one segment of a path, or a name or value of a query.
    static func encode(_ text: String) -> String {
        // Segments of dots alone would be taken for steps within the path.
        let isDots = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
        var encoded = ""
        for byte in text.utf8 {
            if isUnreserved(byte), !isDots {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%" + Hex.string([byte]).uppercased()
            }
        }
        return encoded
    }

    /// RFC 3986, section 2.3.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
