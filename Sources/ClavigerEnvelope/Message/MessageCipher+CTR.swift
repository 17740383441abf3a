internal import ClavigerCrypto

extension MessageCipher {
    /// Below this size of a chunk in bytes the key stream is made for many chunks at once; above it the vector code has enough to do.
    private static let shortChunk: UInt64 = 4096

    /// Encrypts or decrypts. The first counter block of a chunk is its number in eight bytes and eight zero bytes.
    func cryptCTR(from first: UInt64, _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) {
        applyKeyStream(
            from: first, input, sealedChunkLength: Int(layout.chunkLength), into: output,
            firstCounter: { (index: UInt64) in CounterBlock(high: index, low: 0) })
    }

    /// Combines chunks with the key stream that begins with `firstCounter` of each. The lower half of a counter must not overflow.
    ///
    /// - Parameter sealedChunkLength: How far apart the chunks are on the side of the input; on that of the output they are adjacent.
    @inline(__always)
    func applyKeyStream(
        from first: UInt64, _ input: UnsafeRawBufferPointer, sealedChunkLength: Int,
        into output: UnsafeMutableRawBufferPointer, firstCounter: (UInt64) -> CounterBlock
    ) {
        if layout.chunkLength < Self.shortChunk {
            applyToShort(
                from: first, input, sealedChunkLength: sealedChunkLength, into: output, firstCounter: firstCounter)
        } else {
            applyToLong(
                from: first, input, sealedChunkLength: sealedChunkLength, into: output, firstCounter: firstCounter)
        }
    }

    @inline(__always)
    private func applyToLong(
        from first: UInt64, _ input: UnsafeRawBufferPointer, sealedChunkLength: Int,
        into output: UnsafeMutableRawBufferPointer, firstCounter: (UInt64) -> CounterBlock
    ) {
        let size = Int(layout.chunkLength)
        withTemporarySecret(Self.blockSize) { counter in
            var index = first
            var read = 0
            var written = 0
            while written < output.count {
                let count = min(size, output.count - written)
                firstCounter(index).store(into: counter, at: 0)
                cipher.cryptCTR(
                    UnsafeRawBufferPointer(rebasing: input[read..<(read + count)]), counter: counter,
                    into: UnsafeMutableRawBufferPointer(rebasing: output[written..<(written + count)]))
                read += sealedChunkLength
                written += count
                index += 1
            }
        }
    }

    @inline(__always)
    private func applyToShort(
        from first: UInt64, _ input: UnsafeRawBufferPointer, sealedChunkLength: Int,
        into output: UnsafeMutableRawBufferPointer, firstCounter: (UInt64) -> CounterBlock
    ) {
        let size = Int(layout.chunkLength)
        let blocks = (size - 1) / Self.blockSize + 1
        let most = min(Self.batchSize / (blocks * Self.blockSize), (output.count - 1) / size + 1)
        withTemporarySecret(most * blocks * Self.blockSize) { stream in
            var index = first
            var read = 0
            var written = 0
            while written < output.count {
                let chunks = min(most, (output.count - written - 1) / size + 1)
                for chunk in 0..<chunks {
                    var counter = firstCounter(index + UInt64(chunk))
                    for block in 0..<blocks {
                        counter.store(into: stream, at: (chunk * blocks + block) * Self.blockSize)
                        counter.low += 1
                    }
                }
                let used = UnsafeMutableRawBufferPointer(rebasing: stream[..<(chunks * blocks * Self.blockSize)])
                cipher.encryptECB(UnsafeRawBufferPointer(used), into: used)
                if size == blocks * Self.blockSize, sealedChunkLength == size {
                    let count = min(chunks * size, output.count - written)
                    Self.combine(
                        UnsafeRawBufferPointer(rebasing: input[read..<(read + count)]), UnsafeRawBufferPointer(used),
                        into: UnsafeMutableRawBufferPointer(rebasing: output[written..<(written + count)]))
                    read += count
                    written += count
                } else {
                    for chunk in 0..<chunks {
                        let count = min(size, output.count - written)
                        Self.combine(
                            UnsafeRawBufferPointer(rebasing: input[read..<(read + count)]),
                            UnsafeRawBufferPointer(rebasing: used[(chunk * blocks * Self.blockSize)...]),
                            into: UnsafeMutableRawBufferPointer(rebasing: output[written..<(written + count)]))
                        read += sealedChunkLength
                        written += count
                    }
                }
                index += UInt64(chunks)
            }
        }
    }

    private static func combine(
        _ input: UnsafeRawBufferPointer, _ stream: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) {
        precondition(stream.count >= input.count && output.count >= input.count)
        guard let input = input.baseAddress.map({ UnsafeRawBufferPointer(start: $0, count: input.count) }),
            let source = input.baseAddress, let mask = stream.baseAddress, let target = output.baseAddress
        else { return }
        var offset = 0
        while offset + 16 <= input.count {
            let block =
                (source + offset).loadUnaligned(as: SIMD2<UInt64>.self)
                ^ (mask + offset).loadUnaligned(as: SIMD2<UInt64>.self)
            (target + offset).storeBytes(of: block, as: SIMD2<UInt64>.self)
            offset += 16
        }
        while offset < input.count {
            let byte = (source + offset).load(as: UInt8.self) ^ (mask + offset).load(as: UInt8.self)
            (target + offset).storeBytes(of: byte, as: UInt8.self)
            offset += 1
        }
    }
}

/// A block that is counted up, as its two halves.
struct CounterBlock {
    var high: UInt64
    var low: UInt64

    @inline(__always)
    func store(into bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        bytes.storeBytes(of: high.bigEndian, toByteOffset: offset, as: UInt64.self)
        bytes.storeBytes(of: low.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    }
}
