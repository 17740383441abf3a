import ClavigerCore
import Logging
import NIOCore
import NIOExtras
import NIOHTTP1
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// The socket that all clients come to.
final class Listener: Service {
    /// What the bodies of all requests that are being read may take together.
    private static let mostBodyBytes = 256 << 20

    /// Bytes of the longest request line, and of the longest header; Alibaba's clients send values of secrets in the query.
    private static let longestLine = 160 << 10

    /// Bytes of all headers of a request together.
    private static let longestHead = 256 << 10

    /// How long calls in work may take to end after the server was told to stop.
    private static let gracePeriod = TimeAmount.seconds(8)

    private let group: any EventLoopGroup
    private let channel: any Channel
    private let quiescing: ServerQuiescingHelper
    private let logger: Logger

    private init(group: any EventLoopGroup, channel: any Channel, quiescing: ServerQuiescingHelper, logger: Logger) {
        self.group = group
        self.channel = channel
        self.quiescing = quiescing
        self.logger = logger
    }

    var port: Int? { channel.localAddress?.port }

    /// Takes the address and begins to serve.
    static func bind(
        host: String, port: Int, group: any EventLoopGroup, tls: TLSContexts?, router: any HTTPRouter, logger: Logger
    ) async throws -> Listener {
        let quiescing = ServerQuiescingHelper(group: group)
        let date = HTTPDate()
        let budget = BodyBudget(bytes: mostBodyBytes)
        let batches = FlushBatches(group)
        let deadlines = HTTPConnectionHandler.Deadlines()
        var lengths = NIOHTTPDecoderLimitConfiguration()
        lengths.maxHeaderFieldSize = longestLine
        lengths.maxHeaderListSize = longestHead
        let limits = lengths
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(quiescing.makeServerChannelHandler(channel: channel))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls.context)) }
                    try pipeline.addHandler(
                        ByteToMessageHandler(
                            HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)))
                    try pipeline.addHandler(
                        HTTPConnectionHandler(
                            router: router, budget: budget, batch: batches.of(channel.eventLoop), date: date,
                            deadlines: deadlines))
                }
            }
            .bind(host: host, port: port).get()
        return Listener(group: group, channel: channel, quiescing: quiescing, logger: logger)
    }

    /// Serves until the server is told to stop, then until the calls in work are answered.
    func run() async throws {
        try? await gracefulShutdown()
        logger.notice("stopping")
        let stopped = group.any().makePromise(of: Void.self)
        quiescing.initiateShutdown(promise: stopped)
        let deadline = group.any().scheduleTask(in: Self.gracePeriod) { stopped.succeed(()) }
        try? await stopped.futureResult.get()
        deadline.cancel()
    }
}
