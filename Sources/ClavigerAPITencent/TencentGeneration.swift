import ClavigerAPI
import ClavigerCore

/// What the two generations of the API do not have in common: how requests are read, what can be asked for, and the form of answers.
protocol TencentGeneration: APIDialect, SendableMetatype {
    /// The dialect's name in audit events and metrics.
    static var name: String { get }
    static var envelope: any TencentEnvelope.Type { get }

    /// Every action, by the name that clients send.
    static var actions: [TencentOperation] { get }

    /// Reads a request; checks method and framing, in the order of the contract's section A2.
    static func parse(_ request: WireRequest) throws(KMSError) -> TencentRequest

    static func requireVersion(_ version: String?) throws(KMSError)

    /// The names by which requests may call for a realm.
    static func names(of realm: Realm) -> [String]

    /// Whether an action that works in a realm takes the first one if none is named.
    static var hasDefaultRegion: Bool { get }
}

extension Tencent {
    /// Calls per second and account that the vendor's documents promise, by the names of the actions of both generations.
    package static var documentedRates: [String: Int] {
        Dictionary((actions + TencentLegacy.actions).map { ($0.name, $0.documentedRate) }) { first, _ in first }
    }
}
