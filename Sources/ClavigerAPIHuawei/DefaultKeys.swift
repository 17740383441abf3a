package import ClavigerCore
import Synchronization

/// Sees to it that every account has a default master key in a realm before its first call there goes on.
package final class DefaultKeys: Sendable {
    /// Records that a key is about to be made; the key is not made if this throws.
    package typealias Recorder = @Sendable (Key) async throws(KMSError) -> Void

    private let kms: KeyService
    private let record: Recorder
    private let known = Mutex<Set<KeyScope>>([])

    package init(kms: KeyService, record: @escaping Recorder) {
        self.kms = kms
        self.record = record
    }

    /// Whether the key is known to be there.
    func isReady(in scope: KeyScope) -> Bool { known.withLock { $0.contains(scope) } }

    func prepare(for account: Account, in realm: Realm) async throws(KMSError) {
        _ = try await kms.ensureManagedKey(
            named: .defaultKey, for: account.id, in: realm, record: record)
        known.withLock { _ = $0.insert(KeyScope(account: account.id, realm: realm.id)) }
    }
}
