import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Synchronization
import Testing

/// What the service has recorded of secrets as done by itself.
final class SecretLog: Sendable {
    private struct State {
        var keys: [Key] = []
        var deletions: [String] = []
        var failures: [String] = []
        var isBroken = false
    }

    private let state = Mutex(State())

    var keys: [Key] { state.withLock { $0.keys } }

    /// The names of secrets whose deletion was announced, and of those of which it failed.
    var deletions: [String] { state.withLock { $0.deletions } }
    var failures: [String] { state.withLock { $0.failures } }

    /// Lets recording fail, or work again.
    func setBroken(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

    func record(_ key: Key) throws(KMSError) {
        try state.withLock { state throws(KMSError) in
            guard !state.isBroken else { throw KMSError(.auditUnavailable, "the disk is full") }
            state.keys.append(key)
        }
    }

    func record(_ secret: Secret, _ error: KMSError?) throws(KMSError) {
        try state.withLock { state throws(KMSError) in
            guard !state.isBroken else { throw KMSError(.auditUnavailable, "the disk is full") }
            if error == nil {
                state.deletions.append(secret.name.text)
            } else {
                state.failures.append(secret.name.text)
            }
        }
    }
}

/// A secret service over a memory store.
struct SecretServiceFixture: Sendable {
    let keys = KeyServiceFixture()
    let store: EventfulSecretStore
    let log = SecretLog()
    let secrets: SecretService
    let caller = KeyServiceFixture.caller(1, "south")

    var clock: ManualClock { keys.clock }

    init(limits: SecretService.Limits = SecretService.Limits()) {
        store = EventfulSecretStore(base: keys.store.base)
        secrets = SecretService(
            store: store, kms: keys.kms, limits: limits,
            recordManagedKey: { [log] key throws(KMSError) in try log.record(key) },
            recordDeletion: { [log] secret, error throws(KMSError) in try log.record(secret, error) })
    }

    static func name(_ text: String) -> SecretName { SecretName(checked: text) }

    @discardableResult
    func create(
        _ name: String = "db", version: String = "v1", value: String = "one", form: SecretVersion.Form = .text,
        tags: [KeyTag] = [], key: KeyID? = nil, as user: Caller? = nil
    ) async throws(KMSError) -> Secret {
        try await secrets.create(
            NewSecret(
                name: Self.name(name), versionID: version, value: KeyMaterial(Array(value.utf8)), form: form,
                description: "text", tags: tags, key: key),
            as: user ?? caller)
    }

    @discardableResult
    func put(
        _ value: String, version: String, form: SecretVersion.Form = .text, stages: [SecretStage] = [.current],
        of name: String = "db", as user: Caller? = nil
    ) async throws(KMSError) -> SecretVersion {
        try await secrets.putValue(
            KeyMaterial(Array(value.utf8)), form: form, version: version, stages: stages, of: Self.name(name),
            as: user ?? caller)
    }

    /// The value as text.
    func value(
        of name: String = "db", version: String? = nil, stage: String? = nil, as user: Caller? = nil
    ) async throws(KMSError) -> String {
        try await secrets.value(
            of: Self.name(name), version: version, stage: stage.map { SecretStage(checked: $0) }, as: user ?? caller
        ).plaintext.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    func describe(_ name: String = "db", as user: Caller? = nil) async throws(KMSError) -> Secret {
        try await secrets.describe(Self.name(name), as: user ?? caller)
    }

    /// All keys of the scope, those of the service too.
    func allKeys() async throws -> [Key] {
        var query = KeyQuery(scope: caller.scope)
        query.role = nil
        return try await keys.kms.list(query, offset: 0, limit: 100, as: caller).keys
    }
}
