/// Reads DER (X.690) strictly: lengths and integers only in their shortest form. What it returns points into the bytes that it reads.
struct DERReader {
    private var rest: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// Whether the next element has this tag.
    func sees(_ tag: DER.Tag) -> Bool { rest.first == tag.rawValue }

    /// The content of the next element, which must have this tag.
    mutating func read(_ tag: DER.Tag) throws(CryptoError) -> UnsafeRawBufferPointer {
        let (element, headerSize) = try readElement()
        guard element[0] == tag.rawValue else { throw .malformed }
        return UnsafeRawBufferPointer(rebasing: element[headerSize...])
    }

    /// The next element whole, with its tag and length.
    mutating func readWhole() throws(CryptoError) -> UnsafeRawBufferPointer { try readElement().element }

    /// A reader for the content of the next element, which must have this tag.
    mutating func enter(_ tag: DER.Tag) throws(CryptoError) -> DERReader { DERReader(try read(tag)) }

    /// The next INTEGER, which must not be negative, in big-endian order without leading zeros (zero itself is empty).
    mutating func readUnsigned() throws(CryptoError) -> UnsafeRawBufferPointer {
        let content = try read(.integer)
        guard let first = content.first, first < 0x80 else { throw .malformed }
        guard first == 0 else { return content }
        guard content.count == 1 || content[1] >= 0x80 else { throw .malformed }
        return UnsafeRawBufferPointer(rebasing: content[1...])
    }

    /// The next INTEGER, which must be `number` (below 128).
    mutating func expect(_ number: UInt8) throws(CryptoError) {
        guard try read(.integer).elementsEqual([number]) else { throw .malformed }
    }

    func expectEnd() throws(CryptoError) {
        guard rest.isEmpty else { throw .malformed }
    }

    private mutating func readElement() throws(CryptoError) -> (element: UnsafeRawBufferPointer, headerSize: Int) {
        guard rest.count >= 2 else { throw .malformed }
        var headerSize = 2
        var count = Int(rest[1])
        if count >= 0x80 {
            // Four octets hold more than any key or ciphertext has; 0x80 alone would be the indefinite form.
            let octets = count & 0x7F
            guard 1...4 ~= octets, rest.count >= 2 + octets else { throw .malformed }
            count = rest[2..<2 + octets].reduce(0) { $0 << 8 | Int($1) }
            guard count >= 0x80, octets == 1 || count >> (8 * (octets - 1)) > 0 else { throw .malformed }
            headerSize += octets
        }
        guard rest.count - headerSize >= count else { throw .malformed }
        let element = UnsafeRawBufferPointer(rebasing: rest[..<(headerSize + count)])
        rest = UnsafeRawBufferPointer(rebasing: rest[(headerSize + count)...])
        return (element, headerSize)
    }
}
