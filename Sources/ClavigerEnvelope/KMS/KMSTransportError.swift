/// Why there is no answer from the KMS.
package struct KMSTransportError: Error, Hashable {
    /// Whether there was a connection and it broke, so that another may do.
    package let isBrokenConnection: Bool

    /// What was wrong, in lower case without a full stop.
    package let message: String

    package init(isBrokenConnection: Bool = false, _ message: String) {
        self.isBrokenConnection = isBrokenConnection
        self.message = message
    }
}
