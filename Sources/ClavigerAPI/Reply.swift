/// An HTTP answer.
package struct Reply: Sendable {
    package let status: Int
    package let contentType: String
    package let body: [UInt8]

    package init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// An answer that is there at once, so that no thread is changed, or one that must be waited for.
package enum Answer: Sendable {
    case now(Reply)
    case later(@Sendable () async -> Reply)
}
