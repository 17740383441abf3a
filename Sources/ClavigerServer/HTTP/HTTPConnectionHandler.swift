import ClavigerAPI
import NIOCore
import NIOExtras
import NIOHTTP1

/// One HTTP/1.1 connection: collects each request whole, has it answered in order, writes each answer as one buffer.
///
/// What can be answered at once is answered on the event loop that read it. While an answer is awaited nothing more is read, and a peer that
/// does not read its answers is not read from either, so a connection holds no more than one request and what came in one read with it.
final class HTTPConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How long a peer may take.
    struct Deadlines: Sendable {
        /// For a whole request, from its first byte.
        var request = TimeAmount.seconds(60)
        /// Between requests.
        var idle = TimeAmount.seconds(120)
        /// To take an answer.
        var write = TimeAmount.seconds(60)
    }

    /// A request too long for its dialect is read to its end to be answered, but not beyond this.
    private static let mostDiscarded = 64 << 20

    /// Bodies up to this size are not worth counting.
    private static let uncounted = 64 << 10

    private let router: any HTTPRouter
    private let budget: BodyBudget
    private let batch: FlushBatch
    private let date: HTTPDate
    private let deadlines: Deadlines

    // The request that is being read.
    private var head: HTTPRequestHead?
    private var body: ByteBuffer?
    private var received = 0
    private var limit = 0

    /// What this connection has taken of the budget.
    private var reserved = 0

    // The requests that wait for their answer, the first of them perhaps in work.
    private var waiting = CircularBuffer<(request: WireRequest, head: HTTPRequestHead)>()
    private var isAnswering = false
    private var readWasHeld = false
    private var mustFlush = false
    private var isInBatch = false
    private var isClosing = false
    private var isQuiescing = false
    private var inputHasEnded = false
    private var outputHasEnded = false
    private var inputIsBroken = false
    private var lastProgress = NIODeadline.now()
    private var source = "unknown"
    private var watch: RepeatedTask?

    init(router: any HTTPRouter, budget: BodyBudget, batch: FlushBatch, date: HTTPDate, deadlines: Deadlines) {
        self.router = router
        self.budget = budget
        self.batch = batch
        self.date = date
        self.deadlines = deadlines
    }

    // MARK: reading

    func channelActive(context: ChannelHandlerContext) {
        if let address = context.remoteAddress {
            source = address.ipAddress.map { "\($0):\(address.port ?? 0)" } ?? "local"
        }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        watch = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(2), delay: .seconds(2)) { _ in
            let (handler, context) = bound.value
            handler.closeIfOverdue(context)
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        watch?.cancel()
        watch = nil
        isClosing = true
        mustFlush = false
        waiting.removeAll()
        releaseBudget()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, context)
        case .body(let part): collect(part, context)
        case .end: end(context)
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        self.head = head
        body = nil
        received = 0
        limit = router.bodyLimit(head)
        lastProgress = .now()
        // RFC 9110 section 10.1.1: not to HTTP/1.0, and not where it would stand before the answer to another request.
        if waiting.isEmpty, !isAnswering, head.version.minor > 0,
            head.headers[canonicalForm: "expect"].contains(where: { $0.lowercased() == "100-continue" })
        {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
        }
    }

    private func collect(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
        received += part.readableBytes
        if received <= limit, received > Self.uncounted {
            let wanted = received - reserved
            if budget.reserve(wanted) {
                reserved += wanted
            } else {
                // Answered like a body that is too long.
                limit = 0
            }
        }
        guard received <= limit else {
            body = nil
            releaseBudget()
            if received > Self.mostDiscarded { close(context) }
            return
        }
        if body == nil {
            body = part
        } else {
            body?.writeImmutableBuffer(part)
        }
    }

    private func releaseBudget() {
        guard reserved > 0 else { return }
        budget.release(reserved)
        reserved = 0
    }

    private func end(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let isTooLarge = received > limit
        let bytes = isTooLarge ? [] : body.map { Array($0.readableBytesView) } ?? []
        self.head = nil
        body = nil
        releaseBudget()
        let request = WireRequest(
            method: head.method, target: head.uri, headers: head.headers, body: bytes, bodyWasTooLarge: isTooLarge,
            source: source)
        waiting.append((request, head))
        answerNext(context)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if mustFlush, !isInBatch {
            isInBatch = true
            batch.add(self, context)
        }
        context.fireChannelReadComplete()
    }

    /// Sends what is written and not sent yet; called by the batch.
    func flushAnswers(_ context: ChannelHandlerContext) {
        isInBatch = false
        guard mustFlush else { return }
        mustFlush = false
        context.flush()
    }

    func read(context: ChannelHandlerContext) {
        if isAnswering || !context.channel.isWritable {
            readWasHeld = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, !isClosing { proceed(context) }
        context.fireChannelWritabilityChanged()
    }

    private func resumeReading(_ context: ChannelHandlerContext) {
        guard readWasHeld, !isAnswering, context.channel.isWritable else { return }
        readWasHeld = false
        context.read()
    }

    // MARK: answering

    private func answerNext(_ context: ChannelHandlerContext) {
        // Short requests can have long answers: those of a peer that does not read them are not even made.
        while !isAnswering, !isClosing, context.channel.isWritable, let (request, head) = waiting.popFirst() {
            switch router.respond(to: request, on: context.channel) {
            case .now(let reply):
                write(reply, to: head, context)
            case .later(let work):
                isAnswering = true
                let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
                let eventLoop = context.eventLoop
                Task {
                    let reply = await work()
                    eventLoop.execute {
                        let (handler, context) = bound.value
                        handler.finish(reply, to: head, context)
                    }
                }
            case .computed(let start):
                isAnswering = true
                start(delivery(to: head, context))
            }
        }
    }

    private func delivery(to head: HTTPRequestHead, _ context: ChannelHandlerContext) -> Delivery {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let mailbox = batch.mailbox
        return Delivery { reply in
            mailbox.put {
                let (handler, context) = bound.value
                handler.finish(reply, to: head, context)
            }
        } announce: {
            mailbox.call()
        }
    }

    private func finish(_ reply: Reply, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        isAnswering = false
        guard !isClosing else { return }
        write(reply, to: head, context)
        mustFlush = true
        proceed(context)
    }

    /// Goes on after an answer was finished, or after the peer took some.
    private func proceed(_ context: ChannelHandlerContext) {
        answerNext(context)
        if mustFlush {
            mustFlush = false
            context.flush()
        }
        if inputIsBroken { refuseIfIdle(context) }
        resumeReading(context)
    }

    private func write(_ reply: Reply, to head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        // The decoder reads nothing behind a request for another protocol, so none can follow on this connection.
        let asksForUpgrade = head.method == .CONNECT || head.headers.contains(name: "upgrade")
        // Before the connection ends, everything that was read is answered.
        let isLast = isQuiescing && waiting.isEmpty
        let keepsAlive = head.isKeepAlive && !isLast && !asksForUpgrade
        var buffer = context.channel.allocator.buffer(capacity: 192 + reply.body.count)
        buffer.writeStaticString("HTTP/1.1 ")
        if reply.status == 200 {
            buffer.writeStaticString("200 OK")
        } else {
            let status = HTTPResponseStatus(statusCode: reply.status)
            buffer.writeString("\(status.code) \(status.reasonPhrase)")
        }
        // RFC 9110 section 8.6: an answer without content has no length.
        if reply.status != 204 {
            buffer.writeStaticString("\r\nContent-Type: ")
            buffer.writeString(reply.contentType)
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeString(String(reply.body.count))
        }
        for (name, value) in reply.headers {
            buffer.writeStaticString("\r\n")
            buffer.writeStaticString(name)
            buffer.writeStaticString(": ")
            buffer.writeString(value)
        }
        buffer.writeStaticString("\r\nDate: ")
        buffer.writeBytes(date.bytes)
        if !keepsAlive {
            buffer.writeStaticString("\r\nConnection: close")
        } else if head.version.minor == 0 {
            buffer.writeStaticString("\r\nConnection: keep-alive")
        }
        buffer.writeStaticString("\r\n\r\n")
        if head.method != .HEAD, reply.status != 204 { buffer.writeBytes(reply.body) }
        lastProgress = .now()
        if keepsAlive {
            context.write(wrapOutboundOut(buffer), promise: nil)
            mustFlush = true
        } else {
            close(after: buffer, context)
        }
    }

    /// Writes `last` behind all that waits to be written, and closes then.
    private func close(after last: ByteBuffer, _ context: ChannelHandlerContext) {
        isClosing = true
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(last)).whenComplete { _ in
            let (handler, context) = bound.value
            handler.closeGently(context)
        }
    }

    /// Ends our side and lets the peer read what was written: closing at once while it still sends would reset the connection.
    private func closeGently(_ context: ChannelHandlerContext) {
        guard !inputHasEnded else { return context.close(promise: nil) }
        outputHasEnded = true
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(1)) { bound.value.close(promise: nil) }
    }

    // MARK: the end of a connection

    private func close(_ context: ChannelHandlerContext) {
        isClosing = true
        context.close(promise: nil)
    }

    private func closeIfOverdue(_ context: ChannelHandlerContext) {
        guard !isAnswering else { return }
        let allowed =
            !context.channel.isWritable ? deadlines.write : head != nil ? deadlines.request : deadlines.idle
        if NIODeadline.now() - lastProgress > allowed { close(context) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is ChannelShouldQuiesceEvent:
            isQuiescing = true
            if !isAnswering, head == nil, waiting.isEmpty, !isClosing { close(after: ByteBuffer(), context) }
        case ChannelEvent.inputClosed:
            // The peer sends nothing more; what it asked for is still answered, and what was answered is still written.
            inputHasEnded = true
            if outputHasEnded {
                close(context)
            } else if isAnswering || !waiting.isEmpty {
                isQuiescing = true
            } else if !isClosing {
                close(after: ByteBuffer(), context)
            }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return close(context) }
        guard !isClosing else { return }
        // The requests before the broken one are answered first.
        inputIsBroken = true
        refuseIfIdle(context)
    }

    private func refuseIfIdle(_ context: ChannelHandlerContext) {
        guard !isAnswering, !isClosing, waiting.isEmpty else { return }
        close(
            after: ByteBuffer(
                string:
                    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 12\r\nConnection: close\r\n\r\nBad request\n"
            ),
            context)
    }
}
