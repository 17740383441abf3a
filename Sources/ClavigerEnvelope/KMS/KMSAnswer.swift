/// What came back from the KMS.
package struct KMSAnswer {
    /// How much of a body is read: 1 MiB.
    package static let maximumBodySize = 1 << 20

    /// HTTP's status.
    package let status: Int

    package let body: WipedBytes

    package init(status: Int, body: WipedBytes) {
        self.status = status
        self.body = body
    }
}
