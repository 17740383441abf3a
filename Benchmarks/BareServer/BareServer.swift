import NIOCore
import NIOHTTP1
import NIOPosix

/// What the server is measured against: SwiftNIO's stock HTTP pipeline, reading each request whole and sending one fixed reply.
///
/// Arguments: port, size of the reply's body in bytes, number of event loops.
@main
struct BareServer {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard arguments.count == 3 else {
            print("usage: bare-server PORT BODY_BYTES EVENT_LOOPS")
            return
        }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: arguments[2])
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: arguments[1])
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(FixedReply(body: body))
                }
            }
            .bind(host: "127.0.0.1", port: arguments[0]).get()
        try await channel.closeFuture.get()
    }
}

private final class FixedReply: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let body: ByteBuffer

    init(body: ByteBuffer) { self.body = body }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .end = unwrapInboundIn(data) else { return }
        var head = HTTPResponseHead(version: .http1_1, status: .ok)
        head.headers.add(name: "Content-Type", value: "application/json")
        head.headers.add(name: "Content-Length", value: String(body.readableBytes))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
