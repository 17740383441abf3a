import ClavigerAPI
import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import ClavigerServer

/// Answers each request with its method, target and body; a path under `/slow` waits until the test opens the gate, one
/// under `/computed` is answered by another thread.
final class EchoRouter: HTTPRouter {
    static let limit = 200_000

    private struct State {
        var seen: [String] = []
        var held: [CheckedContinuation<Void, Never>] = []
        var isOpen = false
    }

    private let state = Mutex(State())

    /// The targets that came, in their order.
    var seen: [String] { state.withLock { $0.seen } }

    /// Lets all slow answers end, those to come as well.
    func openGate() {
        let held = state.withLock { state in
            state.isOpen = true
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func bodyLimit(_ head: HTTPRequestHead) -> Int { Self.limit }

    func respond(to request: WireRequest, on channel: any Channel) -> Answer {
        let path = String(decoding: request.path, as: UTF8.self)
        let body = request.bodyWasTooLarge ? "too large" : String(decoding: request.body, as: UTF8.self)
        let text = "\(request.method.rawValue) \(path) [\(body)]"
        state.withLock { $0.seen.append(path) }
        let reply = Reply(
            status: path == "/teapot" ? 418 : 200, contentType: "text/plain", body: Array(text.utf8))
        if path.hasPrefix("/computed") {
            return .computed { delivery in
                Thread.detachNewThread {
                    Thread.sleep(forTimeInterval: 0.01)
                    delivery.put(reply)
                    delivery.announce()
                }
            }
        }
        guard path.hasPrefix("/slow") else { return .now(reply) }
        return .later {
            await withCheckedContinuation { continuation in
                let isOpen = self.state.withLock { state in
                    if !state.isOpen { state.held.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
            return reply
        }
    }
}

/// A connection without a socket.
struct TestConnection {
    let channel: NIOAsyncTestingChannel
    let router = EchoRouter()

    init(
        deadlines: HTTPConnectionHandler.Deadlines = .init(), budget: BodyBudget = BodyBudget(bytes: 1 << 30)
    ) async throws {
        channel = NIOAsyncTestingChannel()
        let (channel, router) = (channel, router)
        try await channel.testingEventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
            try pipeline.addHandler(
                HTTPConnectionHandler(
                    router: router, budget: budget, batch: FlushBatch(eventLoop: channel.eventLoop), date: HTTPDate(),
                    deadlines: deadlines))
        }.get()
        try await channel.connect(to: SocketAddress(ipAddress: "192.0.2.7", port: 51234))
    }

    func send(_ text: String) async throws {
        try await channel.writeInbound(ByteBuffer(string: text))
        // Answers leave at the end of the loop's turn.
        await channel.testingEventLoop.run()
    }

    /// What was written until it holds `part`, or what there is after ten minutes; the Date headers are left out.
    func received(until part: String) async throws -> String {
        var text = ""
        let deadline = ContinuousClock.now + .seconds(600)
        while !text.contains(part) {
            let isLast = ContinuousClock.now > deadline
            if let buffer = try await channel.readOutbound(as: ByteBuffer.self) {
                text += String(buffer: buffer)
            } else if isLast {
                break
            } else {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        return Self.withoutDate(text)
    }

    /// What is written and not read yet.
    func pending() async throws -> String {
        try await Task.sleep(for: .milliseconds(30))
        var text = ""
        while let buffer = try await channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return Self.withoutDate(text)
    }

    private static func withoutDate(_ text: String) -> String {
        text.split(separator: "\r\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("Date: ") }
            .joined(separator: "\n")
    }

    /// Whether the connection is closed after three seconds of the channel's time.
    func isClosed() async throws -> Bool {
        try await passThreeSeconds()
        let deadline = ContinuousClock.now + .seconds(600)
        while channel.isActive, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(2)) }
        return !channel.isActive
    }

    /// Whether the connection is still there after three seconds of the channel's time.
    func staysOpen() async throws -> Bool {
        try await passThreeSeconds()
        return channel.isActive
    }

    private func passThreeSeconds() async throws {
        for _ in 0..<3 { await channel.testingEventLoop.advanceTime(by: .seconds(1)) }
        // What the timers have put on the loop is done before this is.
        try await channel.testingEventLoop.submit {}.get()
    }

    func fire(_ event: any Sendable) async throws {
        let channel = channel
        try await channel.testingEventLoop.submit { channel.pipeline.fireUserInboundEventTriggered(event) }.get()
    }
}
