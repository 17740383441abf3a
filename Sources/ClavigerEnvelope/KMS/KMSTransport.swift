/// Carries requests to the KMS, and its answers back.
package protocol KMSTransport: Sendable {
    /// Posts `body`; blocks the calling thread until the answer is there, at most for `timeout`.
    ///
    /// - Parameters:
    ///   - headers: all that are to be sent, but for `Content-Length`.
    ///   - isRetry: whether it is the second attempt, for which a new connection is made: one that was kept may be as dead as the
    ///     first.
    /// - Returns: the answer, whatever its status; of a body no more than ``KMSAnswer/maximumBodySize`` bytes.
    /// - Throws: ``KMSTransportError`` if there is none.
    func post(
        _ body: UnsafeRawBufferPointer, to endpoint: KMSEndpoint, headers: [(name: String, value: String)],
        timeout: Duration, isRetry: Bool
    ) throws(KMSTransportError) -> KMSAnswer
}
