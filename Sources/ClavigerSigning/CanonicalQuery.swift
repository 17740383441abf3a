/// Parameters as the signatures of Alibaba and Huawei have them: all but RFC 3986's unreserved characters as `%XX` with capital digits, sorted as bytes.
enum CanonicalQuery {
    /// Appends `name=value`, joined with `&` and sorted by the unencoded name, then by the value. An empty value keeps its `=`.
    static func append(_ pairs: [(name: [UInt8], value: [UInt8])], to text: inout [UInt8]) {
        let count = pairs.reduce(0) { $0 + encodedCount($1.name) + encodedCount($1.value) + 2 }
        text.reserveCapacity(text.count + count)
        let sorted = pairs.sorted { first, second in
            first.name == second.name
                ? first.value.lexicographicallyPrecedes(second.value)
                : first.name.lexicographicallyPrecedes(second.name)
        }
        for (index, pair) in sorted.enumerated() {
            if index > 0 { text.append(UInt8(ascii: "&")) }
            appendEncoded(pair.name, to: &text)
            text.append(UInt8(ascii: "="))
            appendEncoded(pair.value, to: &text)
        }
    }

    static func appendEncoded(_ bytes: [UInt8], to text: inout [UInt8]) {
        for byte in bytes { appendEncoded(byte, to: &text) }
    }

    static func appendEncoded(_ byte: UInt8, to text: inout [UInt8]) {
        guard !isUnreserved(byte) else { return text.append(byte) }
        text.append(UInt8(ascii: "%"))
        text.append(capitalDigit(byte >> 4))
        text.append(capitalDigit(byte & 15))
    }

    /// Bytes that the encoded text has.
    static func encodedCount(_ bytes: [UInt8]) -> Int {
        bytes.reduce(0) { $0 + (isUnreserved($1) ? 1 : 3) }
    }

    /// RFC 3986 section 2.3.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private static func capitalDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? 48 + nibble : 55 + nibble }
}
