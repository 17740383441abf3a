/// An SM2 ciphertext in the form of GM/T 0009 section 7.2, made from octets as a client makes it, and without this project's own encoder.
enum SM2DER {
    private static let coordinateSize = 32
    private static let hashSize = 32

    /// - Parameter octets: 04, x, y, C3, C2.
    static func encoded(_ octets: [UInt8]) throws(TranscriptFault) -> [UInt8] {
        guard octets.first == 4, octets.count > 1 + 2 * coordinateSize + hashSize else {
            throw TranscriptFault("no SM2 ciphertext of \(octets.count) octets")
        }
        let rest = octets.dropFirst()
        let (x, y) = (rest.prefix(coordinateSize), rest.dropFirst(coordinateSize).prefix(coordinateSize))
        let tail = rest.dropFirst(2 * coordinateSize)
        return element(
            0x30,
            integer(x) + integer(y) + element(0x04, Array(tail.prefix(hashSize)))
                + element(0x04, Array(tail.dropFirst(hashSize))))
    }

    private static func integer(_ magnitude: ArraySlice<UInt8>) -> [UInt8] {
        let digits = Array(magnitude.drop { $0 == 0 })
        return element(0x02, (digits.first ?? 0) < 0x80 && !digits.isEmpty ? digits : [0] + digits)
    }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        switch count {
        case ..<0x80: return [tag, UInt8(count)] + content
        case ..<0x100: return [tag, 0x81, UInt8(count)] + content
        default: return [tag, 0x82, UInt8(count >> 8), UInt8(count & 0xFF)] + content
        }
    }
}
