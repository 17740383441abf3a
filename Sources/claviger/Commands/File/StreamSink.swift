import ClavigerCrypto
import ClavigerEnvelope

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes a stream to an open file; an interruption ends the writing, however long nobody reads. A terminal gets text alone.
final class StreamSink: ByteSink {
    /// So many bytes go into a pipe without waiting when it has room at all (pipe(7), `PIPE_BUF`).
    private static let atomicSize = 4096

    private let descriptor: Int32
    private let name: String
    private let isTerminal: Bool
    private let isRegular: Bool

    /// The last bytes of a text, which are a character that is not whole yet.
    private var held: [UInt8] = []
    private var lastByte: UInt8?

    /// How many bytes were taken.
    private(set) var written: UInt64 = 0

    /// Whether nobody reads the pipe any more.
    private(set) var hasLostReader = false

    init(descriptor: Int32, name: String, isTerminal: Bool) {
        self.descriptor = descriptor
        self.name = name
        self.isTerminal = isTerminal
        var status = stat()
        isRegular = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeError) {
        if isTerminal {
            let text = held + bytes
            let end = Self.endOfWholeCharacters(text)
            held = Array(text[end...])
            try Array(text[..<end]).withBytes { bytes throws(EnvelopeError) in try writeText(bytes) }
        } else {
            try writeAll(bytes)
        }
        written += UInt64(bytes.count)
    }

    /// What is to be written last.
    func finish() throws(EnvelopeError) {
        guard isTerminal else { return }
        try held.withBytes { bytes throws(EnvelopeError) in try writeText(bytes) }
        // The next prompt of the shell begins a line.
        guard let lastByte, lastByte != UInt8(ascii: "\n") else { return }
        try [UInt8(ascii: "\n")].withBytes { bytes throws(EnvelopeError) in try writeAll(bytes) }
    }

    private func writeText(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeError) {
        guard TextBytes.isShowable(bytes) else {
            throw EnvelopeError(.inputOutput, "the plaintext is no text, which a terminal could show")
        }
        try writeAll(bytes)
        lastByte = bytes.last ?? lastByte
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeError) {
        var rest = bytes
        while !rest.isEmpty {
            guard Interruption.wait(for: descriptor, Int32(POLLOUT)) == .ready else {
                throw EnvelopeError(.cancelled, "interrupted")
            }
            let count = writeSome(
                UnsafeRawBufferPointer(rebasing: rest.prefix(isRegular ? rest.count : Self.atomicSize)))
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR, errno != EAGAIN {
                hasLostReader = errno == EPIPE
                throw EnvelopeError(.inputOutput, "\(name) cannot be written: \(String(cString: strerror(errno)))")
            }
        }
    }

    private func writeSome(_ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
            Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    /// Where a character of UTF-8 begins at the end that is not whole; the end if there is none.
    private static func endOfWholeCharacters(_ text: [UInt8]) -> Int {
        for (distance, byte) in text.suffix(3).reversed().enumerated() where byte & 0xC0 != 0x80 {
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
            return length > distance + 1 ? text.count - distance - 1 : text.count
        }
        return text.count
    }
}
