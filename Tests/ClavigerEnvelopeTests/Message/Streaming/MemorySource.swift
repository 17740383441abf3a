import ClavigerEnvelope

/// A source in memory, as obliging or as treacherous as a test wants it.
final class MemorySource: ByteSource {
    private var bytes: [UInt8]
    private var position = 0
    private let piece: Int
    let length: UInt64?
    let canRewind: Bool

    /// Changes the bytes when the source is read again.
    private let tampering: (inout [UInt8]) -> Void

    private(set) var rewinds = 0

    /// - Parameters:
    ///   - piece: how many bytes one read gives at most.
    ///   - length: what the source says of its length.
    init(
        _ bytes: [UInt8], piece: Int = .max, length: UInt64? = nil, canRewind: Bool = false,
        tampering: @escaping (inout [UInt8]) -> Void = { _ in }
    ) {
        self.bytes = bytes
        self.piece = piece
        self.length = length
        self.canRewind = canRewind
        self.tampering = tampering
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, bytes.count - position, piece)
        buffer.copyBytes(from: bytes[position..<(position + count)])
        position += count
        return count
    }

    func rewind() {
        rewinds += 1
        position = 0
        tampering(&bytes)
    }
}
