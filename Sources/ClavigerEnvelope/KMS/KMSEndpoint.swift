/// Where one call goes.
package struct KMSEndpoint: Hashable, Sendable {
    /// The scheme, the host, the port unless it is the scheme's own, and `/`.
    package let url: String

    /// The value of the `Host` header, as it is sent and signed: in lower case, with the port unless it is the scheme's own.
    package let host: String

    /// Whether the scheme is https.
    package let isEncrypted: Bool
}
