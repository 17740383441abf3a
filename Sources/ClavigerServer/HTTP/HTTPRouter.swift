import ClavigerAPI
import NIOCore
import NIOHTTP1

/// Sends a request where it belongs: to the dialect that claims it, or to everything else (health, metrics, administration).
protocol HTTPRouter: Sendable {
    /// The longest body that a request may have.
    func bodyLimit(_ head: HTTPRequestHead) -> Int

    func respond(to request: WireRequest, on channel: any Channel) -> Answer
}
