import ClavigerAPI
import ClavigerAudit
import ClavigerBackendSoftware
import ClavigerCore
import Synchronization

/// What serves calls: there once the root key is.
final class ActiveService: Sendable {
    let kms: KeyService
    let credentials: CredentialDirectory
    let audit: AuditLog
    let endpoints: DialectEndpoints

    init(kms: KeyService, credentials: CredentialDirectory, audit: AuditLog, endpoints: DialectEndpoints) {
        self.kms = kms
        self.credentials = credentials
        self.audit = audit
        self.endpoints = endpoints
    }

    /// Records what the server did by itself.
    func auditOwnAction(
        _ action: String, account: AccountID, realm: RealmID, resources: [KeyID]
    ) async throws(KMSError) {
        try await audit.recordDurably(
            AuditEvent(
                time: kms.clock.now.seconds * 1_000_000, requestID: "", dialect: "server", action: action,
                account: account.description, source: "local", realm: realm.name,
                resources: resources.map(\.description)))
    }
}

/// The endpoints of all dialects.
struct DialectEndpoints: Sendable {
    let tencent: any APIEndpoint
}

/// Whether the server is sealed, and what serves calls when it is not.
final class ServiceState: Sendable {
    private let current = Mutex<ActiveService?>(nil)

    var active: ActiveService? { current.withLock { $0 } }

    func activate(_ service: ActiveService) { current.withLock { $0 = service } }

    func deactivate() -> ActiveService? {
        current.withLock { current in
            defer { current = nil }
            return current
        }
    }
}
