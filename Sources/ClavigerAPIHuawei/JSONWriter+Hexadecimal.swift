import ClavigerCrypto

extension JSONWriter {
    /// Writes bytes, which may be secret, as a string of capital hexadecimal digits, in a time that depends on their number alone.
    mutating func hexadecimal(_ bytes: UnsafeRawBufferPointer) {
        withTemporarySecret(2 * bytes.count) { text in
            for index in 0..<bytes.count {
                text[2 * index] = Self.digit(bytes[index] >> 4)
                text[2 * index + 1] = Self.digit(bytes[index] & 15)
            }
            string(UnsafeRawBufferPointer(text))
        }
    }

    /// The digit for four bits, by a comparison turned into a mask.
    private static func digit(_ bits: UInt8) -> UInt8 {
        let value = Int32(bits)
        let offset = 48 + ((9 - value) >> 8 & 7)  // 10… : A
        return UInt8(truncatingIfNeeded: value + offset)
    }
}
