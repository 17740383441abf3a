import ClavigerEnvelope

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes of a file or of the standard input; an interruption ends the reading, however long nothing comes.
final class StreamSource: ByteSource {
    private let input: StreamInput
    private let file: FileSource

    var length: UInt64? { file.length }
    var canRewind: Bool { file.canRewind }

    init(_ input: StreamInput) {
        self.input = input
        file = FileSource(descriptor: input.descriptor)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(EnvelopeError) -> Int {
        while true {
            guard Interruption.wait(for: input.descriptor, Int32(POLLIN)) == .ready else {
                throw EnvelopeError(.cancelled, "interrupted")
            }
            let count = readSome(into: buffer)
            if count >= 0 { return count }
            guard errno == EINTR || errno == EAGAIN else {
                throw EnvelopeError(
                    .inputOutput, "\(input.name) cannot be read: \(String(cString: strerror(errno)))")
            }
        }
    }

    func rewind() throws(EnvelopeError) { try file.rewind() }

    private func readSome(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.read(input.descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
            Musl.read(input.descriptor, buffer.baseAddress, buffer.count)
        #else
            Glibc.read(input.descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
