import ClavigerAudit
import ClavigerCore
import ClavigerIdentity

/// What stands behind the dialect.
struct AdminServices: Sendable {
    let kms: KeyService
    let identities: IdentityService
    let store: any IdentityStore
    let audit: AuditSearch

    /// Threads for searches, which keep one busy for as long as they last.
    let searches: WorkerPool
    let server: AdminServer
}
