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
        let rest = UnsafeRawBufferPointer(rebasing: message[size...])
        guard let body = header.bodySize,
            case let (expected, overflow) = body.addingReportingOverflow(UInt64(header.signatureSize)), !overflow,
            expected <= UInt64(rest.count)
        else { throw EnvelopeError(.messageTooShort, "the message ends before its header says") }
        guard expected == UInt64(rest.count), let plaintextLength = Int(exactly: header.plaintextLength) else {
            throw EnvelopeError(.malformedMessage, "there are bytes behind the message")
        }
        self.header = header
        self.rest = rest
        self.plaintextLength = plaintextLength
        headerBytes = Array(message[..<size])
    }
}
