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
        key.event(of: action, outcome: error?.code.rawValue ?? "ok", at: moment)
    }
}

extension Key {
    /// The event of the making of a default master key, which no caller asks for.
    func eventOfDefaultKey(at moment: Timestamp) -> AuditEvent {
        event(of: "createDefaultKey", outcome: "ok", at: moment)
    }

    fileprivate func event(of action: String, outcome: String, at moment: Timestamp) -> AuditEvent {
        AuditEvent(
            time: moment.seconds * 1_000_000, requestID: "", dialect: "server", action: action,
            account: scope.account.description, source: "local", realm: scope.realm.name,
            resources: [id.description], outcome: outcome)
    }
}

extension Secret {
    /// The event of a deletion that was due, or has failed.
    func eventOfDeletion(error: KMSError?, at moment: Timestamp) -> AuditEvent {
        AuditEvent(
            time: moment.seconds * 1_000_000, requestID: "", dialect: "server", action: "deleteSecret",
            account: scope.account.description, source: "local", realm: scope.realm.name,
            resources: ["secret/\(name)"], outcome: error?.code.rawValue ?? "ok")
    }
}
