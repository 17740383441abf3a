import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerSigning
import ClavigerTesting
import NIOHTTP1
import Synchronization

@testable import ClavigerAPIAdmin

/// Somebody who makes calls: by an access key, temporary credentials, a session, or nothing.
struct AdminClient: Sendable {
    enum Proof: Sendable {
        case nothing
        case session(String)
        case accessKey(id: String, secret: KeyMaterial, token: String?)
    }

    /// A request that can still be changed, and signed anew.
    struct Draft {
        var method: HTTPMethod
        var target: String
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        var bodyWasTooLarge = false

        func wire() -> WireRequest {
            WireRequest(
                method: method, target: target, headers: HTTPHeaders(headers), body: body,
                bodyWasTooLarge: bodyWasTooLarge, source: AdminClient.source)
        }

        mutating func set(_ name: String, _ value: String?) {
            headers.removeAll { $0.0.lowercased() == name.lowercased() }
            if let value { headers.append((name, value)) }
        }
    }

    static let host = "127.0.0.1:7700"
    static let source = "192.0.2.7:51234"

    let proof: Proof
    let clock: ManualClock

    static func anybody(_ clock: ManualClock) -> AdminClient { AdminClient(proof: .nothing, clock: clock) }

    /// - Parameters:
    ///   - path: below the dialect's prefix, with the query.
    ///   - body: JSON text; empty for none.
    func draft(_ method: HTTPMethod, _ path: String, _ body: String = "") -> Draft {
        var draft = Draft(method: method, target: Admin.prefix + path, body: Array(body.utf8))
        draft.headers = [("Host", Self.host), ("Content-Type", "application/json")]
        switch proof {
        case .nothing: break
        case .session(let token): draft.set("Authorization", "Bearer \(token)")
        case .accessKey(_, _, let token):
            draft.set("X-TC-Timestamp", String(clock.now.seconds))
            draft.set("X-TC-Token", token)
            sign(&draft)
        }
        return draft
    }

    private static let nonces = Atomic<Int>(0)

    func request(_ method: HTTPMethod, _ path: String, _ body: String = "") -> WireRequest {
        draft(method, path, body).wire()
    }

    /// Sets the header Authorization, over whatever the draft has.
    ///
    /// - Parameter path: what is signed in place of the draft's path.
    func sign(
        _ draft: inout Draft, service: String = Admin.service,
        names: [String] = ["content-type", "host", "x-claviger-nonce"],
        timestamp: Int64? = nil, path: String? = nil
    ) {
        guard case .accessKey(let id, let secret, _) = proof else { return }
        let target = WireRequest.split(draft.target)
        if !draft.headers.contains(where: { $0.0 == "X-Claviger-Nonce" }) {
            draft.set("X-Claviger-Nonce", String(Self.nonces.wrappingAdd(1, ordering: .relaxed).newValue))
        }
        var signed: [String: String] = [:]
        for (name, value) in draft.headers where names.contains(name.lowercased()) { signed[name.lowercased()] = value }
        let request = TC3.Request(
            method: draft.method.rawValue, path: path.map { Array($0.utf8)[...] } ?? target.path, query: target.query,
            timestamp: timestamp ?? clock.now.seconds, payload: draft.body[...])
        draft.set(
            "Authorization",
            TC3Authorization.header(
                for: request, accessKeyID: id, secret: secret, service: service, headers: signed))
    }
}
