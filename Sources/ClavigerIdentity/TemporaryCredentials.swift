package import ClavigerCore
package import ClavigerCrypto

/// An access key for some hours: id and secret sign requests, which the token must come with.
package struct TemporaryCredentials: Sendable {
    package let id: String

    /// 32 letters and digits, 190 bits.
    package let secret: KeyMaterial

    /// Text in ASCII.
    package let token: KeyMaterial

    /// The first moment at which they do not count any more.
    package let expiry: Timestamp
}
