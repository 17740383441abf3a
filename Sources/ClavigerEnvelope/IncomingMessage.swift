/// A message in memory whose header was parsed and whose size is what the header says.
package struct IncomingMessage {
    package let header: MessageHeader

    /// Prefix and header.
    package let headerBytes: [UInt8]

    /// Body and signature.
    package let rest: UnsafeRawBufferPointer

    package let plaintextLength: Int

    /// - Throws: ``EnvelopeError``: `.messageTooShort`, `.notAMessage`, `.malformedMessage` or `.unknownAlgorithm`, in the order of the
    ///   contract's section 3.
    package init(_ message: UnsafeRawBufferPointer) throws(EnvelopeError) {
        let (header, size) = try MessageHeader.parse(message)
        // No body is shorter than its plaintext, and this one is in memory.
        guard let plaintextLength = Int(exactly: header.plaintextLength) else { throw MessageHeader.tooShort }
        self.header = header
        self.plaintextLength = plaintextLength
        rest = UnsafeRawBufferPointer(rebasing: message[size...])
        headerBytes = Array(message[..<size])
    }
}
