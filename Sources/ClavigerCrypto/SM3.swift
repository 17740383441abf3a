import CGuomi

/// SM3 (GB/T 32905-2016), a hash of 32 bytes, as a plain value: copying one that has hashed a prefix is how HMAC gets its speed, and
/// nothing is allocated.
package struct SM3: Sendable {
    package static let blockSize = 64

    /// GB/T 32905-2016, section 4.1.
    private var state = SIMD8<UInt32>(
        0x7380_166F, 0x4914_B2B9, 0x1724_42D7, 0xDA8A_0600, 0xA96F_30BC, 0x1631_38AA, 0xE38D_EE4D, 0xB0FB_0E4E)

    /// The front of a block that is not complete yet.
    private var partial = SIMD64<UInt8>()

    /// Bytes that were fed in.
    private var count: UInt64 = 0

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        let filled = Int(count % UInt64(Self.blockSize))
        count &+= UInt64(bytes.count)
        if filled > 0 {
            let front = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.blockSize - filled))
            Swift.withUnsafeMutableBytes(of: &partial) { partial in
                UnsafeMutableRawBufferPointer(rebasing: partial[filled...]).copyMemory(from: front)
            }
            guard filled + front.count == Self.blockSize else { return }
            compressPartial()
            rest = UnsafeRawBufferPointer(rebasing: rest[front.count...])
        }
        let blocks = rest.count / Self.blockSize
        if blocks > 0 {
            compress(rest, blocks: blocks)
            rest = UnsafeRawBufferPointer(rebasing: rest[(blocks * Self.blockSize)...])
        }
        guard !rest.isEmpty else { return }
        Swift.withUnsafeMutableBytes(of: &partial) { $0.copyMemory(from: rest) }
    }

    /// The hash of all that was fed in. The hasher is used up and wiped.
    package mutating func finalize() -> Digest32 {
        let filled = Int(count % UInt64(Self.blockSize))
        // Section 5.2: a bit 1, zeros, and the length in bits in the last eight bytes of a block.
        let bits = count &* 8
        pad(from: filled, with: 0x80)
        if filled >= Self.blockSize - 8 {
            compressPartial()
            partial = SIMD64()
        }
        Swift.withUnsafeMutableBytes(of: &partial) { partial in
            partial.storeBytes(of: bits.bigEndian, toByteOffset: Self.blockSize - 8, as: UInt64.self)
        }
        compressPartial()
        let digest = Digest32 { bytes in
            for index in 0..<8 {
                bytes.storeBytes(of: state[index].bigEndian, toByteOffset: 4 * index, as: UInt32.self)
            }
        }
        wipe()
        return digest
    }

    /// Forgets what was fed in; the hasher is of no use afterwards.
    package mutating func wipe() {
        Swift.withUnsafeMutableBytes(of: &self) { LockedMemory.wipe($0) }
    }

    private mutating func pad(from filled: Int, with first: UInt8) {
        Swift.withUnsafeMutableBytes(of: &partial) { partial in
            partial[filled] = first
            let rest = UnsafeMutableRawBufferPointer(rebasing: partial[(filled + 1)...])
            rest.initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    private mutating func compress(_ blocks: UnsafeRawBufferPointer, blocks count: Int) {
        Swift.withUnsafeMutableBytes(of: &state) { state in
            guomi_sm3_compress(state.assumingMemoryBound(to: UInt32.self).baseAddress, blocks.bytes, count)
        }
    }

    private mutating func compressPartial() {
        Swift.withUnsafeMutableBytes(of: &state) { state in
            Swift.withUnsafeBytes(of: &partial) { partial in
                guomi_sm3_compress(state.assumingMemoryBound(to: UInt32.self).baseAddress, partial.bytes, 1)
            }
        }
    }

    /// The hash of the pieces, one after the other.
    package static func hash(_ pieces: UnsafeRawBufferPointer...) -> Digest32 {
        var hasher = SM3()
        for piece in pieces { hasher.update(piece) }
        return hasher.finalize()
    }

    /// Whether the first example of GB/T 32905-2016 (A.1) holds, for a self-test at start.
    package static func knownAnswerHolds() -> Bool {
        let digest = Array("abc".utf8).withUnsafeBytes { hash($0) }
        return Hex.string(digest) == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    }
}
