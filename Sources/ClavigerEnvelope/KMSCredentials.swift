package import ClavigerCrypto

/// The access key with which the KMS is called.
public struct KMSCredentials: Sendable {
    static let maximumSize = 255

    /// The public name of the access key, 1 to 255 bytes.
    public let secretID: String

    package let secretKey: KeyMaterial

    /// - Throws: ``EnvelopeError/Code/invalidArgument`` if one of the two is empty, has more than 255 bytes, or characters that no
    ///   header of a request can hold (the id).
    public init(secretID: String, secretKey: String) throws(EnvelopeError) {
        try self.init(secretID: secretID, secretKey: KeyMaterial(secretKey.utf8))
    }

    package init(secretID: String, secretKey: KeyMaterial) throws(EnvelopeError) {
        guard 1...Self.maximumSize ~= secretID.utf8.count, 1...Self.maximumSize ~= secretKey.count else {
            throw EnvelopeError(.invalidArgument, "the id and the key of an access key have 1 to 255 bytes")
        }
        guard secretID.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) else {
            throw EnvelopeError(.invalidArgument, "the id of an access key has printable ASCII characters")
        }
        self.secretID = secretID
        self.secretKey = secretKey
    }
}

extension KMSCredentials: CustomStringConvertible {
    /// The id; the key is not shown.
    public var description: String { secretID }
}
