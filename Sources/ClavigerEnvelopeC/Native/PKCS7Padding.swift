import ClavigerCrypto

/// Padding of texts to whole SM4 blocks (RFC 5652 section 6.3): always 1 to 16 bytes, each of which is their number.
enum PKCS7Padding {
    /// Bytes of `text` in blocks that are whole without padding.
    static func wholeSize(_ text: UnsafeRawBufferPointer) -> Int { text.count - text.count % SM4.blockSize }

    /// The size with padding.
    static func paddedSize(_ text: UnsafeRawBufferPointer) -> Int { wholeSize(text) + SM4.blockSize }

    /// Writes the last block of `text`: what stands behind the whole ones, and padding.
    static func lastBlock(of text: UnsafeRawBufferPointer, into block: UnsafeMutableRawBufferPointer) {
        let rest = text[wholeSize(text)...]
        block.initializeMemory(as: UInt8.self, repeating: UInt8(SM4.blockSize - rest.count))
        block.copyBytes(from: rest)
    }

    /// How many bytes of the last block of a text are not padding.
    ///
    /// - Throws: ``NativeFailure/badArgument`` if the padding is wrong, after the same steps whatever is wrong with it.
    static func textSize(inLast block: UnsafeRawBufferPointer) throws(NativeFailure) -> Int {
        let count = block[SM4.blockSize - 1]
        // All ones where a byte is wrong, in arithmetic without branches: count must be 1 to 16, and so must the last count bytes be.
        var wrong = UInt8(truncatingIfNeeded: (Int16(count) - 1) >> 15 | (Int16(SM4.blockSize) - Int16(count)) >> 15)
        for distance in 0..<UInt8(SM4.blockSize) {
            let isPadding = UInt8(truncatingIfNeeded: (Int16(distance) - Int16(count)) >> 15)
            wrong |= isPadding & (block[SM4.blockSize - 1 - Int(distance)] ^ count)
        }
        guard wrong == 0 else { throw .badArgument }
        return SM4.blockSize - Int(count)
    }
}
