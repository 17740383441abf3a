import ClavigerCore
import ClavigerCrypto

/// The end of the log: appends lines to the last segment and carries the chain on.
struct SegmentWriter: Sendable {
    private static let linkCount = 32
    private static let newline = UInt8(ascii: "\n")

    /// The segment's file, and its size as far as it is known to hold whole lines.
    private(set) var file: OpenFile
    private(set) var length: Int

    /// The last record written.
    private(set) var sequence: UInt64

    /// The last record before a checkpoint.
    private(set) var checkpointSequence: UInt64

    /// The chain's link, then the line in the making, so that both are hashed as one.
    private var buffer: [UInt8]
    private let macKey: HMACSHA256

    /// Whether the file may end with part of a line, which must go before the next line comes.
    private var endsWithinLine = false

    init(
        file: OpenFile, length: Int, sequence: UInt64, link: [UInt8], checkpointSequence: UInt64, macKey: HMACSHA256
    ) {
        self.file = file
        self.length = length
        self.sequence = sequence
        self.checkpointSequence = checkpointSequence
        self.macKey = macKey
        buffer = []
        buffer.reserveCapacity(2048)
        buffer.append(contentsOf: link)
    }

    var link: [UInt8] { Array(buffer[..<Self.linkCount]) }

    /// Appends the record of an event, given as a JSON object. After an error the log is as it was.
    mutating func append(event: [UInt8]) throws(KMSError) {
        buffer.removeLast(buffer.count - Self.linkCount)
        append(RecordLine.prefix)
        append(number: sequence + 1)
        buffer.append(UInt8(ascii: ","))
        event.withUnsafeBytes { buffer.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[1..<$0.count - 1])) }
        guard buffer.count - Self.linkCount + RecordLine.macCount <= OpenFile.longestLine else {
            throw KMSError(.payloadTooLarge, "the audit record of this call would be too long")
        }
        let mac = buffer.withUnsafeBytes { macKey.code(for: $0) }
        append(RecordLine.macPrefix)
        mac.withUnsafeBytes { append(hex: $0) }
        append(RecordLine.macSuffix)
        let link = buffer.withUnsafeBytes { SHA256Hasher.hash($0) }
        buffer.append(Self.newline)
        try writeLine()
        link.withUnsafeBytes { link in
            buffer.withUnsafeMutableBytes { $0.copyMemory(from: link) }
        }
        sequence += 1
    }

    /// Appends a checkpoint of where the chain stands.
    mutating func appendCheckpoint(signedBy signer: AuditSigner, at time: Int64) throws(KMSError) -> Checkpoint {
        let checkpoint = try signer.checkpoint(at: sequence, link: link, time: time)
        buffer.removeLast(buffer.count - Self.linkCount)
        buffer.append(contentsOf: checkpoint.line)
        buffer.append(Self.newline)
        try writeLine()
        checkpointSequence = sequence
        return checkpoint
    }

    /// Goes on in another segment, which so far holds `length` bytes.
    mutating func proceed(to file: OpenFile, length: Int) {
        self.file = file
        self.length = length
        endsWithinLine = false
    }

    private mutating func writeLine() throws(KMSError) {
        if endsWithinLine {
            try file.truncate(to: length)
            endsWithinLine = false
        }
        let (written, error) = buffer.withUnsafeBytes {
            file.append(UnsafeRawBufferPointer(rebasing: $0[Self.linkCount...]))
        }
        guard error == 0 else {
            if written > 0 {
                endsWithinLine = true
                if (try? file.truncate(to: length)) != nil { endsWithinLine = false }
            }
            throw .auditUnavailable("the audit log cannot be written", "write", error)
        }
        length += written
    }

    private mutating func append(_ text: StaticString) {
        buffer.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func append(number: UInt64) {
        let start = buffer.count
        var rest = number
        repeat {
            buffer.append(48 + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        buffer[start...].reverse()
    }

    private mutating func append(hex bytes: UnsafeRawBufferPointer) {
        let start = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: 2 * bytes.count))
        buffer.withUnsafeMutableBytes { Hex.encode(bytes, into: UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
    }
}
