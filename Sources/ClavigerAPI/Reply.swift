/// An HTTP answer.
package struct Reply: Sendable {
    package let status: Int
    package let contentType: String
    package let body: [UInt8]

    /// Further header fields.
    package let headers: [(name: StaticString, value: String)]

    package init(
        status: Int, contentType: String, body: [UInt8], headers: [(name: StaticString, value: String)] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.headers = headers
    }
}

/// An answer that is there at once, so that no thread is changed, or one that must be waited for.
package enum Answer: Sendable {
    case now(Reply)
    case later(@Sendable () async -> Reply)
    /// An answer that a thread of its own computes, and delivers.
    case computed(@Sendable (Delivery) -> Void)
}

/// How another thread hands an answer over: it is put down first, and then announced, perhaps together with others.
package struct Delivery: Sendable {
    /// Puts the answer down; to be called once.
    package let put: @Sendable (Reply) -> Void

    /// Has what was put down fetched.
    package let announce: @Sendable () -> Void

    package init(put: @escaping @Sendable (Reply) -> Void, announce: @escaping @Sendable () -> Void) {
        self.put = put
        self.announce = announce
    }
}

extension Answer {
    /// Waits for the answer, however it comes.
    package func reply() async -> Reply {
        switch self {
        case .now(let reply): return reply
        case .later(let work): return await work()
        case .computed(let start):
            return await withCheckedContinuation { continuation in
                start(
                    Delivery {
                        continuation.resume(returning: $0)
                    } announce: {
                    })
            }
        }
    }
}
