/// How a message is gone through with little memory: several chunks at a time where they are short, piece by piece where they are long.
struct StreamSteps: Sequence, IteratorProtocol {
    /// What is read and written at once.
    struct Step: Hashable {
        enum Extent: Hashable {
            /// Whole chunks.
            case chunks
            /// A part of one chunk. All but the last have a multiple of 16 bytes, the same before and after encryption.
            case piece(isFirst: Bool, isLast: Bool)
        }

        let extent: Extent

        /// The number of the first chunk, or of the only one.
        let chunk: UInt64

        let plaintextSize: Int
        let sealedSize: Int
        let isLast: Bool
    }

    private static let usualSize = 1 << 20

    /// The longest chunk in bytes that is held in memory.
    static let maximumSize = 1 << 22

    /// CBC encrypts this many chunks at a time better than fewer.
    private static let adjacentChunks: UInt64 = 16

    private let layout: ChunkLayout
    private let chunksPerStep: UInt64
    private var chunk: UInt64 = 0
    private var piecePosition: UInt64 = 0

    init(_ layout: ChunkLayout) {
        self.layout = layout
        let size = layout.sealedChunkLength
        guard size <= UInt64(Self.maximumSize) else {
            chunksPerStep = 0
            return
        }
        let wanted = Swift.max(UInt64(Self.usualSize), layout.mode == .cbc ? Self.adjacentChunks * size : size)
        chunksPerStep = Swift.min(wanted, UInt64(Self.maximumSize)) / size
    }

    /// Whether chunks come in pieces: they are not there as a whole at any time.
    var areInPieces: Bool { chunksPerStep == 0 }

    /// The most that a step has before and after encryption.
    var largestPlaintext: Int {
        areInPieces ? Self.usualSize : Int(Swift.min(chunksPerStep * layout.chunkLength, layout.plaintextLength))
    }
    var largestSealed: Int {
        // The last piece has a tag or padding.
        areInPieces ? Self.usualSize + 16 : Int(Swift.min(chunksPerStep * layout.sealedChunkLength, layout.bodySize))
    }

    mutating func next() -> Step? {
        guard chunk < layout.count else { return nil }
        return areInPieces ? nextPiece() : nextChunks()
    }

    private mutating func nextChunks() -> Step {
        let first = chunk
        let plaintextStart = first * layout.chunkLength
        let sealedStart = first * layout.sealedChunkLength
        chunk = Swift.min(first + chunksPerStep, layout.count)
        let isLast = chunk == layout.count
        return Step(
            extent: .chunks, chunk: first,
            plaintextSize: Int((isLast ? layout.plaintextLength : chunk * layout.chunkLength) - plaintextStart),
            sealedSize: Int((isLast ? layout.bodySize : chunk * layout.sealedChunkLength) - sealedStart),
            isLast: isLast)
    }

    private mutating func nextPiece() -> Step {
        let first = chunk
        let position = piecePosition
        let left = layout.plaintextSize(of: first) - position
        guard left <= UInt64(Self.usualSize) else {
            piecePosition += UInt64(Self.usualSize)
            return Step(
                extent: .piece(isFirst: position == 0, isLast: false), chunk: first, plaintextSize: Self.usualSize,
                sealedSize: Self.usualSize, isLast: false)
        }
        piecePosition = 0
        chunk += 1
        return Step(
            extent: .piece(isFirst: position == 0, isLast: true), chunk: first, plaintextSize: Int(left),
            sealedSize: Int(layout.sealedSize(of: first) - position), isLast: chunk == layout.count)
    }
}
