internal import ClavigerCrypto

/// What was read from a source that cannot be read twice, or whose length is not known, kept in a temporary file.
final class Spool: ByteSource {
    private static let bufferSize = 1 << 20

    let storage: TemporaryFile

    /// What the file is encrypted under, a key of this spool alone; `nil` for what is encrypted anyway.
    private let cipher: SM4?

    private var position: UInt64 = 0
    private var size: UInt64 = 0

    var length: UInt64? { size }
    var canRewind: Bool { true }

    /// Reads `source` to its end or to `limit`.
    ///
    /// - Parameters:
    ///   - isSecret: whether the file must not have the bytes as they are.
    ///   - limit: how many bytes to read at most, if there is a limit.
    ///   - report: told after each piece how many bytes there are by now.
    init(
        _ source: any ByteSource, isSecret: Bool, limit: UInt64? = nil,
        report: (UInt64) throws(EnvelopeError) -> Void
    ) throws(EnvelopeError) {
        storage = try TemporaryFile()
        if isSecret {
            cipher = RandomSource().material(SM4.keySize).making { SM4(key: $0) }
        } else {
            cipher = nil
        }
        let buffer = try WorkBuffer(Int(min(limit ?? .max, UInt64(Self.bufferSize))))
        while true {
            let room = limit.map { Int(min($0 - size, UInt64(buffer.bytes.count))) } ?? buffer.bytes.count
            let count = try source.fill(buffer.prefix(room))
            guard count > 0 else { break }
            let piece = buffer.prefix(count)
            apply(to: piece, at: size)
            try storage.file.writeAll(UnsafeRawBufferPointer(piece))
            size += UInt64(count)
            try report(size)
        }
        try rewind()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(EnvelopeError) -> Int {
        let count = try storage.file.readSome(into: buffer)
        apply(to: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: position)
        position += UInt64(count)
        return count
    }

    func rewind() throws(EnvelopeError) {
        try storage.file.go(to: 0)
        position = 0
    }

    /// Encrypts or decrypts bytes that stand at `position` of the file, with SM4 in CTR: block i of the key stream is that of counter i.
    private func apply(to bytes: UnsafeMutableRawBufferPointer, at position: UInt64) {
        switch cipher {
        case .none: return
        case .some(let cipher):
            let offset = Int(position % UInt64(SM4.blockSize))
            let front = offset == 0 ? 0 : min(SM4.blockSize - offset, bytes.count)
            withTemporarySecret(2 * SM4.blockSize) { scratch in
                let counter = UnsafeMutableRawBufferPointer(rebasing: scratch[..<SM4.blockSize])
                CounterBlock(high: 0, low: position / UInt64(SM4.blockSize)).store(into: counter, at: 0)
                if front > 0 {
                    // The rest of a block whose beginning went before.
                    let block = UnsafeMutableRawBufferPointer(rebasing: scratch[SM4.blockSize...])
                    let part = UnsafeMutableRawBufferPointer(rebasing: block[offset..<(offset + front)])
                    let target = UnsafeMutableRawBufferPointer(rebasing: bytes[..<front])
                    part.copyMemory(from: UnsafeRawBufferPointer(target))
                    cipher.cryptCTR(UnsafeRawBufferPointer(block), counter: counter, into: block)
                    target.copyMemory(from: UnsafeRawBufferPointer(part))
                }
                let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[front...])
                cipher.cryptCTR(UnsafeRawBufferPointer(rest), counter: counter, into: rest)
            }
        }
    }
}
