package import ClavigerCrypto

/// What can be done with secrets, in no vendor's words. One file per group of operations.
///
/// Values are encrypted under a key of ``KeyService``, which has its say whenever one is sealed or opened. Every operation asks for the right to the
/// secret first, then whether there is such a secret, then what state it is in, and last for its key.
package final class SecretService: Sendable {
    package struct Limits: Sendable {
        /// Secrets per account and realm.
        package var secretsPerScope = 1_000_000

        package init() {}
    }

    /// Records a key that the service is about to make for itself; it is not made if this throws.
    package typealias ManagedKeyRecorder = @Sendable (Key) async throws(KMSError) -> Void

    /// Records the deletion of a secret that is due, without an error before it is done, and with one if it then failed. The secret is not deleted
    /// if this throws.
    package typealias DeletionRecorder = @Sendable (Secret, KMSError?) async throws(KMSError) -> Void

    /// The alias of the key for secrets for which nobody has chosen one. No user can give it to a key.
    package static let managedKeyAlias = KeyAlias(checked: "acs/secretsmanager")

    /// How often a change is tried again that others overtake.
    static let mostAttempts = 10

    let store: any SecretStore
    let kms: KeyService
    let random: RandomSource
    let limits: Limits
    let recordManagedKey: ManagedKeyRecorder
    let recordDeletion: DeletionRecorder
    let deletionTurnstile = Turnstile()
    let failedDeletions = RecentFailures<UInt128>()

    var clock: WallClock { kms.clock }

    package init(
        store: any SecretStore,
        kms: KeyService,
        random: RandomSource = RandomSource(),
        limits: Limits = Limits(),
        recordManagedKey: @escaping ManagedKeyRecorder,
        recordDeletion: @escaping DeletionRecorder
    ) {
        self.store = store
        self.kms = kms
        self.random = random
        self.limits = limits
        self.recordManagedKey = recordManagedKey
        self.recordDeletion = recordDeletion
    }
}

extension SecretService {
    /// What the caller is told of a secret that he has a right to, once it was looked up.
    ///
    /// - Throws: `.secretNotFound`, `.accessDenied`.
    func requirePresence(of secret: Secret?, named name: SecretName, to caller: Caller) throws(KMSError) -> Secret {
        // A secret whose time is over does not exist, even if the background worker has not come by yet.
        guard let secret, !secret.isGone(at: clock.now) else { throw caller.absence(of: name) }
        try caller.require(on: .secret(name, secret))
        return secret
    }

    /// Changes a secret of the caller.
    ///
    /// - Parameters:
    ///   - tags: what the call gives to the secret.
    ///   - apply: changes the secret at a moment, once the caller is known to have the right.
    /// - Throws: `.secretNotFound`, `.accessDenied`, or what `apply` throws; nothing is then changed.
    @discardableResult
    func change(
        _ name: SecretName, as caller: Caller, tags: [KeyTag] = [],
        _ apply: @escaping @Sendable (inout Secret, Timestamp) throws(KMSError) -> [SecretEffect]
    ) async throws(KMSError) -> Secret {
        try kms.requireUnsealed()
        let now = clock.now
        do throws(KMSError) {
            return try await store.changeSecret(name, in: caller.scope) { secret throws(KMSError) in
                guard !secret.isGone(at: now) else { throw .secretNotFound(name) }
                try caller.require(on: .secret(name, secret), tags: tags)
                return try apply(&secret, now)
            }
        } catch {
            throw error.code == .secretNotFound ? caller.absence(of: name) : error
        }
    }
}

extension Caller {
    /// What it means to this caller that a secret does not exist: who has no right to the name does not learn whether somebody uses it.
    func absence(of name: SecretName) -> KMSError {
        do throws(KMSError) { try require(on: .secret(name)) } catch { return error }
        return .secretNotFound(name)
    }
}

extension KMSError {
    static func secretNotFound(_ name: SecretName) -> KMSError {
        KMSError(.secretNotFound, "no secret \(name) in this account and region")
    }
}
