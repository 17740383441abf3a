import ClavigerAPI
import ClavigerCore
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1

/// Answers what is no dialect's, by a Hummingbird router that shares the listener.
struct OperationsResponder: Sendable {
    private let responder: RouterResponder<OperationsContext>
    private let logger: Logger

    init(router: Router<OperationsContext>, logger: Logger) {
        responder = router.buildResponder()
        self.logger = logger
    }

    func respond(to request: WireRequest, on channel: any Channel) async -> Reply {
        var fields = HTTPFields()
        for (name, value) in request.headers {
            guard let name = HTTPField.Name(name) else { continue }
            fields.append(HTTPField(name: name, value: value))
        }
        let target = request.query.isEmpty ? request.path : request.path + [UInt8(ascii: "?")] + request.query
        let head = HTTPRequest(
            method: HTTPRequest.Method(request.method.rawValue) ?? .get, scheme: nil, authority: fields[.init("Host")!],
            path: String(decoding: target, as: UTF8.self), headerFields: fields)
        guard !request.bodyWasTooLarge else { return Self.failure(.contentTooLarge, "the body is too long") }
        do {
            let response = try await responder.respond(
                to: Request(head: head, body: RequestBody(buffer: ByteBuffer(bytes: request.body))),
                context: OperationsContext(source: OperationsContext.Source(logger: logger, peer: request.source)))
            let collected = BodyCollector()
            try await response.body.write(collected)
            return Reply(
                status: response.status.code,
                contentType: response.headers[.contentType] ?? "text/plain; charset=utf-8",
                body: await collected.buffer.bytes)
        } catch let error as any HTTPResponseError {
            return Self.failure(error.status, error.status.reasonPhrase.lowercased())
        } catch {
            logger.error("operations route failed", metadata: ["error": "\(error)"])
            return Self.failure(.internalServerError, "internal error")
        }
    }

    private static func failure(_ status: HTTPResponse.Status, _ text: String) -> Reply {
        Reply(status: status.code, contentType: "text/plain; charset=utf-8", body: Array("\(text)\n".utf8))
    }
}

/// Gathers a response's body.
private struct BodyCollector: ResponseBodyWriter {
    actor Buffer {
        private(set) var bytes: [UInt8] = []
        func append(_ buffer: ByteBuffer) { bytes.append(contentsOf: buffer.readableBytesView) }
    }

    let buffer = Buffer()

    mutating func write(_ buffer: ByteBuffer) async throws { await self.buffer.append(buffer) }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
