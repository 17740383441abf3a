import NIOCore

/// The connections of one event loop that have answers to send, sent together when the loop has read from all that were ready.
///
/// Answers that leave one after the other find the peer's side awake; with an answer between any two reads, each one had to wake it, which
/// costs more than the answer.
final class FlushBatch {
    private let eventLoop: any EventLoop

    /// What other threads have for the loop's connections.
    let mailbox: ReplyMailbox
    private var waiting: [(handler: HTTPConnectionHandler, context: ChannelHandlerContext)] = []

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        mailbox = ReplyMailbox(eventLoop: eventLoop)
    }

    func add(_ handler: HTTPConnectionHandler, _ context: ChannelHandlerContext) {
        waiting.append((handler, context))
        guard waiting.count == 1 else { return }
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        // What is executed on its own loop comes after all that the loop's selector has found.
        eventLoop.execute { bound.value.flush() }
    }

    private func flush() {
        let batch = waiting
        waiting.removeAll(keepingCapacity: true)
        for (handler, context) in batch { handler.flushAnswers(context) }
    }
}

/// The batch of each event loop of a group.
struct FlushBatches: Sendable {
    private let batches: [ObjectIdentifier: NIOLoopBoundBox<FlushBatch>]

    init(_ group: any EventLoopGroup) {
        let loops = group.makeIterator().map { loop in
            (
                ObjectIdentifier(loop),
                NIOLoopBoundBox.makeBoxSendingValue(FlushBatch(eventLoop: loop), eventLoop: loop)
            )
        }
        batches = Dictionary(loops, uniquingKeysWith: { first, _ in first })
    }

    /// The batch of the loop that this is called on.
    func of(_ eventLoop: any EventLoop) -> FlushBatch {
        // A loop that is not of the group, as in tests, has a batch for each connection.
        batches[ObjectIdentifier(eventLoop)]?.value ?? FlushBatch(eventLoop: eventLoop)
    }
}
