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
    /// An answer that a thread of its own computes: it is told whom to deliver it to, once, from whatever thread.
    case computed(@Sendable (@escaping @Sendable (Reply) -> Void) -> Void)
}

extension Answer {
    /// Waits for the answer, however it comes.
    package func reply() async -> Reply {
        switch self {
        case .now(let reply): return reply
        case .later(let work): return await work()
        case .computed(let start):
            return await withCheckedContinuation { continuation in start { continuation.resume(returning: $0) } }
        }
    }
}
