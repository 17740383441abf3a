import ClavigerCrypto

/// A message whose header and keys are there, and whose plaintext is still to be encrypted.
package struct OutgoingMessage: ~Copyable {
    package let header: MessageHeader

    /// Prefix and header as the message begins with them.
    package let headerBytes: [UInt8]

    package let cipher: MessageCipher

    init(_ header: MessageHeader, dataKey: KeyMaterial) throws(EnvelopeError) {
        // All that can throw comes before the first member is set.
        let bytes = try header.encoded()
        let cipher = try MessageCipher(header, headerBytes: bytes, dataKey: dataKey)
        self.header = header
        headerBytes = bytes
        self.cipher = cipher
    }

    /// The size of the whole message in bytes.
    ///
    /// - Throws: ``EnvelopeError/Code/invalidArgument`` if no memory can hold it.
    package var size: Int {
        get throws(EnvelopeError) {
            guard let rest = header.restSize, let size = Int(exactly: rest),
                case let (sum, overflow) = size.addingReportingOverflow(headerBytes.count), !overflow
            else { throw EnvelopeError(.invalidArgument, "the message would be too large") }
            return sum
        }
    }

    /// Writes the message, `size` bytes.
    package func write(_ plaintext: UnsafeRawBufferPointer, into message: UnsafeMutableRawBufferPointer) {
        message.copyBytes(from: headerBytes)
        cipher.seal(plaintext, into: UnsafeMutableRawBufferPointer(rebasing: message[headerBytes.count...]))
    }
}
