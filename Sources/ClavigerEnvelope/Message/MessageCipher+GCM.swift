internal import ClavigerCrypto

extension MessageCipher {
    func sealGCM(from first: UInt64, _ plaintext: UnsafeRawBufferPointer, into body: UnsafeMutableRawBufferPointer) {
        let size = Int(layout.chunkLength)
        withNonce { nonce in
            var index = first
            var read = 0
            var written = 0
            while read < plaintext.count {
                let count = min(size, plaintext.count - read)
                let tag = written + count
                storeNonce(of: index, into: nonce)
                associatedData.withUnsafeBytes { associatedData in
                    gcmKey { key in
                        key.seal(
                            UnsafeRawBufferPointer(rebasing: plaintext[read..<(read + count)]),
                            iv: UnsafeRawBufferPointer(nonce), authenticating: associatedData,
                            into: UnsafeMutableRawBufferPointer(rebasing: body[written..<tag]),
                            tag: UnsafeMutableRawBufferPointer(rebasing: body[tag..<(tag + Self.tagSize)]))
                    }
                }
                read += count
                written = tag + Self.tagSize
                index += 1
            }
        }
    }

    func verifyGCM(from first: UInt64, _ body: UnsafeRawBufferPointer) throws(EnvelopeError) {
        let sealedSize = Int(layout.sealedChunkLength)
        let authentic = withNonce { nonce in
            var index = first
            var read = 0
            while read < body.count {
                let end = min(read + sealedSize, body.count)
                let tag = end - Self.tagSize
                storeNonce(of: index, into: nonce)
                let verifies = associatedData.withUnsafeBytes { associatedData in
                    gcmKey { key in
                        key.verifies(
                            UnsafeRawBufferPointer(rebasing: body[read..<tag]), iv: UnsafeRawBufferPointer(nonce),
                            authenticating: associatedData, tag: UnsafeRawBufferPointer(rebasing: body[tag..<end]))
                    }
                }
                guard verifies else { return false }
                read = end
                index += 1
            }
            return true
        }
        guard authentic else { throw Self.notAuthentic }
    }

    /// Decrypts chunks whose tags were verified.
    func decryptGCM(
        from first: UInt64, _ body: UnsafeRawBufferPointer, into plaintext: UnsafeMutableRawBufferPointer
    ) {
        applyKeyStream(
            from: first, body, sealedChunkLength: Int(layout.sealedChunkLength), into: plaintext,
            firstCounter: { (index: UInt64) in gcmCounter(of: index) })
    }

    /// The counter block of a chunk's first block of text.
    ///
    /// NIST SP 800-38D, sections 7.1 and 7.2: with a nonce of 96 bits it is the nonce and a 2. The largest chunk does not make the last
    /// 32 bits overflow, so what follows is CTR.
    func gcmCounter(of index: UInt64) -> CounterBlock {
        CounterBlock(high: UInt64(layout.isLast(index) ? 1 : 0) << 32 | index >> 32, low: index << 32 | 2)
    }

    /// A chunk that comes in pieces, to be encrypted or verified.
    func gcmStream(of index: UInt64) -> SM4GCM.Stream {
        withNonce { nonce in
            storeNonce(of: index, into: nonce)
            var stream = keys.withEncryptionKey { SM4GCM.Stream(key: $0, iv: UnsafeRawBufferPointer(nonce)) }
            associatedData.withUnsafeBytes { stream.authenticate($0) }
            return stream
        }
    }

    /// Writes the nonce of a chunk: 1 for the last chunk, else 0, in four bytes; its number in eight.
    func storeNonce(of index: UInt64, into nonce: UnsafeMutableRawBufferPointer) {
        nonce.storeBytes(of: UInt32(layout.isLast(index) ? 1 : 0).bigEndian, as: UInt32.self)
        nonce.storeBytes(of: index.bigEndian, toByteOffset: 4, as: UInt64.self)
    }

    private func withNonce<Result: ~Copyable>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: SM4GCM.ivSize, alignment: 4, body)
    }

    private func gcmKey<Result>(_ body: (borrowing SM4GCM.Key) -> Result) -> Result {
        switch gcm {
        case .some(let key): body(key)
        case .none: preconditionFailure("this is not GCM")
        }
    }
}
