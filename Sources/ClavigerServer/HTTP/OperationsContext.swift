import Hummingbird
import Logging

/// What an operations route knows of a request besides the request.
struct OperationsContext: RequestContext {
    struct Source: RequestContextSource {
        let logger: Logger

        /// Address and port of the peer.
        let peer: String
    }

    var coreContext: CoreRequestContextStorage
    /// Address and port of the peer.
    let peer: String

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.peer
    }

    /// Whether the request comes from this machine.
    var isLocal: Bool { peer.hasPrefix("127.") || peer.hasPrefix("::1:") || peer.hasPrefix("::ffff:127.") }
}
