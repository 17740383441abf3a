import ClavigerEnvelope

/// Keeps what is written, up to a limit at which it fails.
final class MemorySink: ByteSink {
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    init(limit: Int = .max) { self.limit = limit }

    func write(_ bytes: UnsafeRawBufferPointer) throws(EnvelopeError) {
        guard self.bytes.count + bytes.count <= limit else { throw EnvelopeError(.inputOutput, "the sink is full") }
        self.bytes += bytes
    }
}
