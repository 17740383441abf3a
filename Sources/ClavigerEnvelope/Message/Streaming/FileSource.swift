/// The bytes of an open file, pipe or socket, from where it stands.
///
/// The file stays open when the source is gone: whoever opened it closes it.
public final class FileSource: ByteSource {
    private let file: SystemFile

    /// Where a regular file stood.
    private let start: UInt64?

    /// How many bytes a regular file has from where it stood; not known of anything else.
    public let length: UInt64?

    /// Whether it is a regular file.
    public var canRewind: Bool { start != nil }

    /// - Parameter descriptor: open for reading.
    public init(descriptor: Int32) {
        file = SystemFile(descriptor: descriptor)
        guard let size = file.regularSize, let start = file.position else {
            start = nil
            length = nil
            return
        }
        self.start = start
        // The files of /proc say that they are empty and are not.
        length = size == 0 ? nil : size - min(start, size)
    }

    /// Reads what is there, and waits if nothing is.
    public func read(into buffer: UnsafeMutableRawBufferPointer) throws(EnvelopeError) -> Int {
        try file.readSome(into: buffer)
    }

    /// Goes back to where the file stood.
    public func rewind() throws(EnvelopeError) {
        guard let start else { throw EnvelopeError(.inputOutput, "the source cannot be read again") }
        try file.go(to: start)
    }
}
