internal import ClavigerCrypto

/// Tags of what was read the first time, to be compared when it is read the second time: a file that somebody changes in between must
/// not pass for what was verified.
///
/// They are GCM's tags (GMAC, NIST SP 800-38D) under a key of this run alone, 16 bytes for each MiB of the message.
struct PieceTags: ~Copyable {
    private let key: SM4GCM.Key
    private var tags: [UInt8] = []

    init() {
        key = RandomSource().material(SM4GCM.keySize).making { SM4GCM.Key($0) }
    }

    /// Notes the next piece.
    mutating func append(_ piece: UnsafeRawBufferPointer) {
        let index = tags.count / SM4GCM.tagSize
        tags.append(contentsOf: repeatElement(0, count: SM4GCM.tagSize))
        tags.withUnsafeMutableBytes { tags in
            let tag = UnsafeMutableRawBufferPointer(rebasing: tags[(index * SM4GCM.tagSize)...])
            Self.withNonce(index) { nonce in
                key.seal(
                    UnsafeRawBufferPointer(start: nil, count: 0), iv: nonce, authenticating: piece,
                    into: UnsafeMutableRawBufferPointer(start: nil, count: 0), tag: tag)
            }
        }
    }

    /// - Throws: ``EnvelopeError/Code/notAuthentic`` if the piece is not what was noted as number `index`.
    func check(_ piece: UnsafeRawBufferPointer, _ index: Int) throws(EnvelopeError) {
        let start = index * SM4GCM.tagSize
        let isSame = tags.withUnsafeBytes { tags in
            start + SM4GCM.tagSize <= tags.count
                && Self.withNonce(index) { nonce in
                    key.verifies(
                        UnsafeRawBufferPointer(start: nil, count: 0), iv: nonce, authenticating: piece,
                        tag: UnsafeRawBufferPointer(rebasing: tags[start..<(start + SM4GCM.tagSize)]))
                }
        }
        guard isSame else {
            throw EnvelopeError(.notAuthentic, "the message changed while it was read")
        }
    }

    private static func withNonce<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withUnsafeTemporaryAllocation(byteCount: SM4GCM.ivSize, alignment: 4) { nonce in
            nonce.storeBytes(of: 0, as: UInt32.self)
            nonce.storeBytes(of: UInt64(index).bigEndian, toByteOffset: 4, as: UInt64.self)
            return body(UnsafeRawBufferPointer(nonce))
        }
    }
}
