/// How a plaintext is cut into chunks, and how large they become: section "Body" of the message format.
struct ChunkLayout: Hashable, Sendable {
    private static let blockSize: UInt64 = 16
    private static let tagSize: UInt64 = 16

    /// NIST SP 800-38D, section 5.2.1.1: GCM encrypts at most 2^39 - 256 bits under one nonce.
    static let maximumGCMChunk: UInt64 = (1 << 36) - 32

    let mode: EnvelopeAlgorithm.Mode
    let plaintextLength: UInt64

    /// The size of every chunk but the last in bytes, and at most the plaintext's.
    let chunkLength: UInt64

    /// What a chunk of `chunkLength` becomes, in bytes.
    let sealedChunkLength: UInt64

    /// How many chunks there are, at least 1.
    let count: UInt64

    /// What all chunks become, in bytes.
    let bodySize: UInt64

    /// `nil` if there is no plaintext, or if it would become more than 64 bits can count.
    init?(mode: EnvelopeAlgorithm.Mode, plaintextLength: UInt64, blockLength: UInt64?) {
        let chunkLength = min(blockLength ?? plaintextLength, plaintextLength)
        guard chunkLength > 0 else { return nil }
        let tail = plaintextLength % chunkLength
        let whole = plaintextLength / chunkLength
        guard let sealedChunk = Self.sealedSize(of: chunkLength, mode), let sealedTail = Self.sealedSize(of: tail, mode)
        else { return nil }
        let (wholeSize, wholeOverflows) = whole.multipliedReportingOverflow(by: sealedChunk)
        let (bodySize, overflows) = wholeSize.addingReportingOverflow(tail == 0 ? 0 : sealedTail)
        guard !wholeOverflows, !overflows else { return nil }
        self.mode = mode
        self.plaintextLength = plaintextLength
        self.chunkLength = chunkLength
        self.sealedChunkLength = sealedChunk
        self.count = whole + (tail == 0 ? 0 : 1)
        self.bodySize = bodySize
    }

    /// Whether chunk `index` is the last.
    func isLast(_ index: UInt64) -> Bool { index == count - 1 }

    /// The size of chunk `index` before it is encrypted, in bytes.
    func plaintextSize(of index: UInt64) -> UInt64 {
        isLast(index) ? plaintextLength - index * chunkLength : chunkLength
    }

    /// The size of chunk `index` when it is encrypted, in bytes.
    func sealedSize(of index: UInt64) -> UInt64 {
        isLast(index) ? bodySize - index * sealedChunkLength : sealedChunkLength
    }

    private static func sealedSize(of plaintext: UInt64, _ mode: EnvelopeAlgorithm.Mode) -> UInt64? {
        let (size, overflows) =
            switch mode {
            case .cbc, .ecb: (plaintext / blockSize * blockSize).addingReportingOverflow(blockSize)
            case .gcm: plaintext.addingReportingOverflow(tagSize)
            case .ctr: (plaintext, false)
            }
        return overflows ? nil : size
    }
}
