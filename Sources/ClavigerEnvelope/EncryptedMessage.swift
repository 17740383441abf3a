/// A message that was made, and what its header says.
public struct EncryptedMessage: Sendable {
    /// The message, as it is stored or sent.
    public let bytes: [UInt8]

    /// What the message says of itself.
    public let header: MessageHeader
}
