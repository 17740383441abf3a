/// An open file, pipe or socket that is written to from where it stands.
///
/// The file stays open when the sink is gone: whoever opened it closes it.
public final class FileSink: ByteSink {
    private let file: SystemFile

    /// - Parameter descriptor: open for writing.
    public init(descriptor: Int32) { file = SystemFile(descriptor: descriptor) }

    /// Writes all of `bytes`, and waits while there is no room.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeError) { try file.writeAll(bytes) }
}
