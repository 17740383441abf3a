internal import CGuomi
internal import ClavigerCrypto

extension MessageCipher {
    /// How many chunks are encrypted side by side: the blocks of one must wait for each other.
    private static let lanes = 64

    /// The IV of a chunk: eight zero bytes and its number, encrypted under a key of their own.
    func makeIV(_ index: UInt64, into iv: UnsafeMutableRawBufferPointer) {
        makeIVs(from: index, into: UnsafeMutableRawBufferPointer(rebasing: iv[..<Self.blockSize]))
    }

    /// The IVs of as many chunks as `ivs` has blocks.
    private func makeIVs(from first: UInt64, into ivs: UnsafeMutableRawBufferPointer) {
        for block in 0..<(ivs.count / Self.blockSize) {
            let offset = block * Self.blockSize
            ivs.storeBytes(of: 0, toByteOffset: offset, as: UInt64.self)
            ivs.storeBytes(of: (first + UInt64(block)).bigEndian, toByteOffset: offset + 8, as: UInt64.self)
        }
        switch ivCipher {
        case .some(let cipher): cipher.encryptECB(UnsafeRawBufferPointer(ivs), into: ivs)
        case .none: preconditionFailure("CBC alone has IVs")
        }
    }

    func sealCBC(from first: UInt64, _ plaintext: UnsafeRawBufferPointer, into body: UnsafeMutableRawBufferPointer) {
        let size = Int(layout.chunkLength)
        let chunks = (plaintext.count - 1) / size + 1
        let most = min(chunks, Self.lanes)
        withUnsafeTemporaryAllocation(of: guomi_sm4_lane.self, capacity: most) { lanes in
            withTemporarySecret(2 * most * Self.blockSize) { scratch in
                let pads = UnsafeMutableRawBufferPointer(rebasing: scratch[..<(most * Self.blockSize)])
                let ivs = UnsafeMutableRawBufferPointer(rebasing: scratch[(most * Self.blockSize)...])
                var read = 0
                var written = 0
                var done = 0
                while done < chunks {
                    let count = min(most, chunks - done)
                    makeIVs(
                        from: first + UInt64(done),
                        into: UnsafeMutableRawBufferPointer(rebasing: ivs[..<(count * Self.blockSize)]))
                    for lane in 0..<count {
                        let size = min(size, plaintext.count - read)
                        let end = size / Self.blockSize * Self.blockSize
                        let chunk = UnsafeRawBufferPointer(rebasing: plaintext[read..<(read + size)])
                        let block = lane * Self.blockSize..<(lane + 1) * Self.blockSize
                        Self.pad(
                            UnsafeRawBufferPointer(rebasing: chunk[end...]),
                            into: UnsafeMutableRawBufferPointer(rebasing: pads[block]))
                        lanes.initializeElement(
                            at: lane,
                            to: guomi_sm4_lane(
                                input: chunk.baseAddress?.assumingMemoryBound(to: UInt8.self),
                                output: (body.baseAddress.unsafelyUnwrapped + written)
                                    .assumingMemoryBound(to: UInt8.self),
                                blocks: end / Self.blockSize,
                                iv: ivs.loadUnaligned(fromByteOffset: block.lowerBound, as: Block.self)))
                        read += size
                        written += end + Self.blockSize
                    }
                    let used = UnsafeMutableBufferPointer(rebasing: lanes[..<count])
                    cipher.encryptCBC(lanes: used)
                    // The padded blocks of all go on where the chunks ended.
                    for lane in 0..<count {
                        used[lane].output += used[lane].blocks * Self.blockSize
                        used[lane].input = UnsafePointer(
                            (pads.baseAddress.unsafelyUnwrapped + lane * Self.blockSize)
                                .assumingMemoryBound(to: UInt8.self))
                        used[lane].blocks = 1
                    }
                    cipher.encryptCBC(lanes: used)
                    done += count
                }
            }
        }
    }

    /// Decrypts chunks that stand side by side as if they were one text, and then mends their first blocks, which hang on IVs and not
    /// on the blocks before them.
    func decryptAdjacentCBC(
        from first: UInt64, _ sealed: UnsafeRawBufferPointer, into opened: UnsafeMutableRawBufferPointer
    ) {
        let sealedSize = Int(layout.sealedChunkLength)
        let chunks = (sealed.count - 1) / sealedSize + 1
        withTemporarySecret(chunks * Self.blockSize) { ivs in
            makeIVs(from: first, into: ivs)
            withTemporarySecret(Self.blockSize) { iv in
                iv.copyMemory(from: UnsafeRawBufferPointer(rebasing: ivs[..<Self.blockSize]))
                cipher.decryptCBC(sealed, iv: iv, into: opened)
            }
            for chunk in 1..<chunks {
                let start = chunk * sealedSize
                let mended =
                    opened.loadUnaligned(fromByteOffset: start, as: SIMD2<UInt64>.self)
                    ^ sealed.loadUnaligned(fromByteOffset: start - Self.blockSize, as: SIMD2<UInt64>.self)
                    ^ ivs.loadUnaligned(fromByteOffset: chunk * Self.blockSize, as: SIMD2<UInt64>.self)
                opened.storeBytes(of: mended, toByteOffset: start, as: SIMD2<UInt64>.self)
            }
        }
    }

    /// The type of a lane's IV, as C's arrays arrive in Swift.
    private typealias Block = (
        UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8
    )
}
