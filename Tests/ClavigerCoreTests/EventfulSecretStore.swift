import ClavigerCore
import ClavigerTesting
import Synchronization

/// A memory store for secrets in which something can happen right after a secret was read, as other calls come in between.
final class EventfulSecretStore: SecretStore {
    typealias Event = @Sendable () async throws(KMSError) -> Void

    private let base: MemoryKeyStore
    private let events = Mutex<[Event]>([])
    private let refused = Mutex<SecretName?>(nil)

    init(base: MemoryKeyStore) { self.base = base }

    /// Lets something happen after the next reading; of several, each after one.
    func afterReading(_ event: @escaping Event) { events.withLock { $0.append(event) } }

    /// Lets deletions of a secret fail.
    func refuseDeletion(of name: SecretName?) { refused.withLock { $0 = name } }

    private func happen() async throws(KMSError) {
        let event = events.withLock { events in events.isEmpty ? nil : events.removeFirst() }
        try await event?()
    }

    func insert(_ secret: Secret, value: SealedSecretValue, limit: Int) async throws(KMSError) {
        try await base.insert(secret, value: value, limit: limit)
    }

    func secret(_ name: SecretName, in scope: KeyScope) async throws(KMSError) -> Secret? {
        let secret = try await base.secret(name, in: scope)
        try await happen()
        return secret
    }

    func secretWithValue(
        _ name: SecretName, in scope: KeyScope, version: @escaping @Sendable (Secret) -> SecretVersion?
    ) async throws(KMSError) -> (secret: Secret, version: SecretVersion?, value: SealedSecretValue?)? {
        let found = try await base.secretWithValue(name, in: scope, version: version)
        try await happen()
        return found
    }

    func changeSecret(
        _ name: SecretName, in scope: KeyScope,
        _ change: @escaping @Sendable (inout Secret) throws(KMSError) -> [SecretEffect]
    ) async throws(KMSError) -> Secret {
        try await base.changeSecret(name, in: scope, change)
    }

    func deleteSecret(
        _ name: SecretName, in scope: KeyScope, if condition: @escaping @Sendable (Secret) throws(KMSError) -> Bool
    ) async throws(KMSError) -> Secret? {
        guard refused.withLock(\.self) != name else { throw KMSError(.storeUnavailable, "refused") }
        return try await base.deleteSecret(name, in: scope, if: condition)
    }

    func listSecrets(_ query: SecretQuery, offset: Int, limit: Int) async throws(KMSError) -> SecretPage {
        try await base.listSecrets(query, offset: offset, limit: limit)
    }

    func secretsDue(
        at moment: Timestamp, limit: Int
    ) async throws(KMSError) -> [(name: SecretName, scope: KeyScope)] {
        try await base.secretsDue(at: moment, limit: limit)
    }
}
