import ClavigerAudit
import ClavigerCore

extension DueWork {
    /// The name in audit events.
    var action: String {
        switch self {
        case .deletion: "deleteKey"
        case .rotation: "rotateKey"
        case .materialExpiry: "expireKeyMaterial"
        }
    }

    /// The event of what the server does by itself, or has failed to do.
    func event(on key: Key, error: KMSError?, at moment: Timestamp) -> AuditEvent {
        AuditEvent(
            time: moment.seconds * 1_000_000, requestID: "", dialect: "server", action: action,
            account: key.scope.account.description, source: "local", realm: key.scope.realm.name,
            resources: [key.id.description], outcome: error?.code.rawValue ?? "ok")
    }
}
