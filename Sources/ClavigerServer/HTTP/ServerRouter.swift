import ClavigerAPI
import ClavigerAPITencent
import ClavigerCore
import ClavigerCrypto
import NIOCore
import NIOHTTP1

/// Tells the dialects apart, and sends everything else to the operations routes.
struct ServerRouter: HTTPRouter {
    private static let longestOperationsBody = 64 << 10

    private let state: ServiceState
    private let operations: OperationsResponder
    private let random = RandomSource()

    init(state: ServiceState, operations: OperationsResponder) {
        self.state = state
        self.operations = operations
    }

    func bodyLimit(_ head: HTTPRequestHead) -> Int {
        let (path, query) = WireRequest.split(head.uri)
        guard let dialect = Dialect.of(path: path, query: query, headers: head.headers) else {
            return Self.longestOperationsBody
        }
        return dialect.api.bodyLimit(method: head.method, headers: head.headers)
    }

    func respond(to request: WireRequest, on channel: any Channel) -> Answer {
        guard let dialect = Dialect.of(request) else {
            let operations = operations
            return .later { await operations.respond(to: request, on: channel) }
        }
        guard let active = state.active else {
            let error = KMSError(.sealed, "the service is sealed; an operator must unseal it")
            return .now(dialect.api.refusal(error, of: request, requestID: UUIDText.text(random.uuid())))
        }
        return active.endpoints[dialect].respond(to: request)
    }
}
