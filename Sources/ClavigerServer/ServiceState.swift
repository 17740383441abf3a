import ClavigerAPI
import ClavigerAudit
import ClavigerBackendSoftware
import ClavigerCore
import ClavigerIdentity
import Dispatch
import Synchronization

/// What serves calls: there once the root key is.
final class ActiveService: Sendable {
    let kms: KeyService
    let secrets: SecretService
    let credentials: CredentialDirectory
    let audit: AuditLog
    let recorder: CallRecorder
    let endpoints: DialectEndpoints

    init(
        kms: KeyService, secrets: SecretService, credentials: CredentialDirectory, audit: AuditLog,
        recorder: CallRecorder,
        endpoints: DialectEndpoints
    ) {
        self.kms = kms
        self.secrets = secrets
        self.credentials = credentials
        self.audit = audit
        self.recorder = recorder
        self.endpoints = endpoints
    }

    /// Ends what may still be in work when nobody can be answered any more. The store is closed by now, so nothing changes without a record.
    func close() async {
        let pools = kms.pools
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                pools.privateKeys.close(within: .seconds(5))
                pools.generation.close(within: .seconds(5))
                continuation.resume()
            }
        }
        await recorder.waitForCalls(within: .seconds(5))
        await audit.close()
    }
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
