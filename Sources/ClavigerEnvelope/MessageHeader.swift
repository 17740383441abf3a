/// What a message says of itself, in clear and, except with the four algorithms that do not authenticate, unalterable.
public struct MessageHeader: Hashable, Sendable {
    package static let messageIDSize = 16

    /// How the body is encrypted. Who decrypts what others may have changed looks whether it authenticates.
    public let algorithm: EnvelopeAlgorithm

    /// The encryption context as its author wrote it: a JSON object, or empty.
    public let encryptionContext: String

    /// The data key under each master key that took part, 1 to 5.
    public let dataKeys: [EncryptedDataKey]

    /// How many bytes of plaintext one chunk has; `nil` if there is but one.
    public let blockLength: UInt64?

    /// 16 random bytes, from which with the data key the message's own keys are derived.
    package let messageID: [UInt8]

    /// The size of the plaintext in bytes, at least 1.
    public let plaintextLength: UInt64

    package init(
        algorithm: EnvelopeAlgorithm, encryptionContext: String, dataKeys: [EncryptedDataKey], blockLength: UInt64?,
        messageID: [UInt8], plaintextLength: UInt64
    ) {
        self.algorithm = algorithm
        self.encryptionContext = encryptionContext
        self.dataKeys = dataKeys
        self.blockLength = blockLength
        self.messageID = messageID
        self.plaintextLength = plaintextLength
    }
}
