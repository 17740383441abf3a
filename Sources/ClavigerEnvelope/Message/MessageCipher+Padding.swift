internal import ClavigerCrypto

// PKCS#7 (RFC 5652, section 6.3): one to sixteen bytes that each hold their number.
extension MessageCipher {
    /// Writes `tail`, which is shorter than a block, and its padding into `block`.
    static func pad(_ tail: UnsafeRawBufferPointer, into block: UnsafeMutableRawBufferPointer) {
        let filling = blockSize - tail.count
        UnsafeMutableRawBufferPointer(rebasing: block[tail.count...])
            .initializeMemory(as: UInt8.self, repeating: UInt8(filling))
        block.copyMemory(from: tail)
    }

    /// Zero if `block` ends in the padding of `tailSize` bytes. How many they are is no secret, the header tells it; what else there is
    /// shows neither in the time nor in what is thrown.
    static func paddingDifference(_ block: UnsafeRawBufferPointer, tailSize: Int) -> UInt8 {
        let filling = UInt8(blockSize - tailSize)
        var difference: UInt8 = 0
        for index in tailSize..<blockSize { difference |= block[index] ^ filling }
        return difference
    }

    /// Decrypts chunks of CBC or ECB.
    ///
    /// - Throws: ``EnvelopeError/Code/invalidArgument`` if the padding of one is not that of its size.
    func openPadded(
        from first: UInt64, _ body: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer
    ) throws(EnvelopeError) {
        // All chunks are gone through before an error is told, so that it does not tell where it was.
        let difference =
            layout.sealedChunkLength <= UInt64(Self.batchSize)
            ? openShortPadded(from: first, body, into: plaintext)
            : openLongPadded(from: first, body, into: plaintext)
        guard difference == 0 else { throw Self.badPadding }
    }

    /// Short chunks go through memory of our own, many at once.
    private func openShortPadded(
        from first: UInt64, _ body: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer
    ) -> UInt8 {
        let size = Int(layout.chunkLength)
        let sealedSize = Int(layout.sealedChunkLength)
        let most = min(Self.batchSize / sealedSize * sealedSize, body.count)
        return withTemporarySecret(most) { scratch in
            var difference: UInt8 = 0
            var index = first
            var read = 0
            var written = 0
            while read < body.count {
                let sealed = UnsafeRawBufferPointer(rebasing: body[read..<min(read + most, body.count)])
                let opened = UnsafeMutableRawBufferPointer(rebasing: scratch[..<sealed.count])
                if layout.mode == .cbc {
                    decryptAdjacentCBC(from: index, sealed, into: opened)
                } else {
                    cipher.decryptECB(sealed, into: opened)
                }
                for start in stride(from: 0, to: sealed.count, by: sealedSize) {
                    let count = min(size, plaintext.count - written)
                    let end = count / Self.blockSize * Self.blockSize
                    let last = start + end
                    UnsafeMutableRawBufferPointer(rebasing: plaintext[written..<(written + count)])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: opened[start..<(start + count)]))
                    difference |= Self.paddingDifference(
                        UnsafeRawBufferPointer(rebasing: opened[last..<(last + Self.blockSize)]),
                        tailSize: count - end)
                    written += count
                }
                read += sealed.count
                index += UInt64(sealed.count / sealedSize)
            }
            return difference
        }
    }

    /// Long chunks are decrypted where the plaintext goes, but for their last blocks.
    private func openLongPadded(
        from first: UInt64, _ body: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer
    ) -> UInt8 {
        let size = Int(layout.chunkLength)
        return withTemporarySecret(2 * Self.blockSize) { scratch in
            let iv = UnsafeMutableRawBufferPointer(rebasing: scratch[..<Self.blockSize])
            let block = UnsafeMutableRawBufferPointer(rebasing: scratch[Self.blockSize...])
            var difference: UInt8 = 0
            var index = first
            var read = 0
            var written = 0
            while written < plaintext.count {
                let count = min(size, plaintext.count - written)
                let end = count / Self.blockSize * Self.blockSize
                let sealed = UnsafeRawBufferPointer(rebasing: body[read..<(read + end + Self.blockSize)])
                let whole = UnsafeRawBufferPointer(rebasing: sealed[..<end])
                let last = UnsafeRawBufferPointer(rebasing: sealed[end...])
                let target = UnsafeMutableRawBufferPointer(rebasing: plaintext[written..<(written + count)])
                if layout.mode == .cbc {
                    makeIV(index, into: iv)
                    cipher.decryptCBC(whole, iv: iv, into: target)
                    cipher.decryptCBC(last, iv: iv, into: block)
                } else {
                    cipher.decryptECB(whole, into: target)
                    cipher.decryptECB(last, into: block)
                }
                UnsafeMutableRawBufferPointer(rebasing: target[end...])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<(count - end)]))
                difference |= Self.paddingDifference(UnsafeRawBufferPointer(block), tailSize: count - end)
                written += count
                read += sealed.count
                index += 1
            }
            return difference
        }
    }
}
