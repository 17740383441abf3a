/// What a message held, and what its header says.
public struct DecryptedMessage: Sendable {
    /// What was encrypted.
    public let plaintext: [UInt8]

    /// What the message says of itself.
    public let header: MessageHeader
}
