/// A data key as one master key encrypted it.
public struct EncryptedDataKey: Hashable, Sendable {
    static let maximumRegionSize = 63
    static let maximumKeyIDSize = 127
    static let maximumCiphertextSize = 1023

    /// The region of the master key.
    public let region: String

    /// The id of the master key.
    public let keyID: String

    /// What the KMS gave (`CiphertextBlob`), 1 to 1,023 characters.
    public let ciphertext: String

    package init(region: String, keyID: String, ciphertext: String) {
        self.region = region
        self.keyID = keyID
        self.ciphertext = ciphertext
    }
}
