internal import ClavigerCrypto

extension MessageCipher {
    func sealECB(_ plaintext: UnsafeRawBufferPointer, into body: UnsafeMutableRawBufferPointer) {
        if layout.sealedChunkLength <= UInt64(Self.batchSize) {
            sealShortECB(plaintext, into: body)
        } else {
            sealLongECB(plaintext, into: body)
        }
    }

    /// Short chunks are padded in memory of our own and encrypted together.
    private func sealShortECB(_ plaintext: UnsafeRawBufferPointer, into body: UnsafeMutableRawBufferPointer) {
        let size = Int(layout.chunkLength)
        let sealedSize = Int(layout.sealedChunkLength)
        let most = min(Self.batchSize / sealedSize * sealedSize, body.count)
        withTemporarySecret(most) { scratch in
            var read = 0
            var written = 0
            while read < plaintext.count {
                var filled = 0
                while filled < most, read < plaintext.count {
                    let count = min(size, plaintext.count - read)
                    let end = count / Self.blockSize * Self.blockSize
                    let chunk = UnsafeRawBufferPointer(rebasing: plaintext[read..<(read + count)])
                    let target = UnsafeMutableRawBufferPointer(
                        rebasing: scratch[filled..<(filled + end + Self.blockSize)])
                    target.copyMemory(from: UnsafeRawBufferPointer(rebasing: chunk[..<end]))
                    Self.pad(
                        UnsafeRawBufferPointer(rebasing: chunk[end...]),
                        into: UnsafeMutableRawBufferPointer(rebasing: target[end...]))
                    read += count
                    filled += target.count
                }
                cipher.encryptECB(
                    UnsafeRawBufferPointer(rebasing: scratch[..<filled]),
                    into: UnsafeMutableRawBufferPointer(rebasing: body[written..<(written + filled)]))
                written += filled
            }
        }
    }

    private func sealLongECB(_ plaintext: UnsafeRawBufferPointer, into body: UnsafeMutableRawBufferPointer) {
        let size = Int(layout.chunkLength)
        withTemporarySecret(Self.blockSize) { block in
            var read = 0
            var written = 0
            while read < plaintext.count {
                let count = min(size, plaintext.count - read)
                let end = count / Self.blockSize * Self.blockSize
                let chunk = UnsafeRawBufferPointer(rebasing: plaintext[read..<(read + count)])
                let target = UnsafeMutableRawBufferPointer(
                    rebasing: body[written..<(written + end + Self.blockSize)])
                cipher.encryptECB(UnsafeRawBufferPointer(rebasing: chunk[..<end]), into: target)
                Self.pad(UnsafeRawBufferPointer(rebasing: chunk[end...]), into: block)
                cipher.encryptECB(
                    UnsafeRawBufferPointer(block), into: UnsafeMutableRawBufferPointer(rebasing: target[end...]))
                read += count
                written += target.count
            }
        }
    }
}
