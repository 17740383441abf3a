/// How long data keys are used before the KMS is asked again. Zero stands for no limit.
public struct DataKeyLimits: Hashable, Sendable {
    /// How many messages one data key encrypts at most. With 1 each message has a data key of its own.
    public let messagesPerKey: Int

    /// How many seconds after its generation a data key encrypts.
    public let encryptionSeconds: Int

    /// How many seconds a data key stays known that the KMS decrypted.
    public let decryptionSeconds: Int

    /// One data key as long as the manager lives.
    public static let none = DataKeyLimits(unchecked: 0, 0, 0)

    private init(unchecked messagesPerKey: Int, _ encryptionSeconds: Int, _ decryptionSeconds: Int) {
        self.messagesPerKey = messagesPerKey
        self.encryptionSeconds = encryptionSeconds
        self.decryptionSeconds = decryptionSeconds
    }

    /// - Throws: ``EnvelopeError/Code/invalidArgument`` if one of them is negative.
    public init(messagesPerKey: Int = 0, encryptionSeconds: Int = 0, decryptionSeconds: Int = 0) throws(EnvelopeError) {
        guard messagesPerKey >= 0, encryptionSeconds >= 0, decryptionSeconds >= 0 else {
            throw EnvelopeError(.invalidArgument, "limits of data keys are not negative")
        }
        self.init(unchecked: messagesPerKey, encryptionSeconds, decryptionSeconds)
    }
}
