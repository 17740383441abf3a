package import ClavigerCrypto

/// What the KMS can do, in no vendor's words. One file per operation.
///
/// Operations with material of symmetric keys are synchronous: they take a ``ResidentKey`` and wait for nothing. All others go
/// to the store. Each asks ``admit(_:on:as:)`` first, so that no dialect can forget the rules.
package final class KeyService: Sendable {
    package struct Limits: Sendable {
        /// Keys per account and realm.
        package var keysPerScope = 100_000

        /// Keys whose material is kept in memory.
        package var residentKeys = 50_000

        package init() {}
    }

    package let realms: [Realm]
    package let clock: WallClock
    let store: any KeyStore
    let backend: any CryptoBackend
    let random: RandomSource
    let limits: Limits
    let cache: KeyCache
    let generators: WorkerPool

    package init(
        store: any KeyStore,
        backend: any CryptoBackend,
        realms: [Realm],
        clock: WallClock = .system,
        random: RandomSource = RandomSource(),
        generators: WorkerPool,
        limits: Limits = Limits()
    ) {
        self.store = store
        self.backend = backend
        self.realms = realms
        self.clock = clock
        self.random = random
        self.generators = generators
        self.limits = limits
        cache = KeyCache(capacity: limits.residentKeys)
    }

    package var isSealed: Bool { backend.isSealed }

    /// Wipes all material from memory.
    package func forgetMaterial() { cache.removeAll() }
}

// MARK: finding keys

extension KeyService {
    /// The key if it is at hand; `nil` means ask ``load(_:)``, not that there is none.
    package func resident(_ id: KeyID) -> ResidentKey? { cache.lookup(id) }

    /// Fetches a key and its material from the store.
    ///
    /// - Throws: `.keyNotFound`.
    package func load(_ id: KeyID) async throws(KMSError) -> ResidentKey {
        if let resident = cache.lookup(id) { return resident }
        while true {
            let mark = cache.changes(around: id)
            guard let found = try await store.keyWithVersions(id) else { throw .keyNotFound(id) }
            let resident = ResidentKey(key: found.key, versions: try activate(found.versions, of: found.key))
            if cache.install(resident, unlessChangedSince: mark) { return resident }
        }
    }

    private func activate(
        _ versions: [KeyVersion], of key: Key
    ) throws(KMSError) -> [KeyVersionID: any ActiveKeyVersion] {
        guard key.spec.isSymmetric, KeyOperation.decrypt.allowedStates.contains(key.state) else { return [:] }
        var active: [KeyVersionID: any ActiveKeyVersion] = [:]
        for version in versions { active[version.id] = try backend.activate(version, of: key) }
        return active
    }
}

// MARK: the gate

extension KeyService {
    /// Admits an operation on a key, or throws: `.keyNotFound` for keys of other accounts and realms, `.accessDenied`, or what the
    /// state table says.
    func admit(_ operation: KeyOperation, on key: Key, as caller: Caller) throws(KMSError) {
        guard key.scope == caller.scope, !isGone(key) else { throw .keyNotFound(key.id) }
        try authorize(caller)
        if operation.usesMaterial { try key.requireSymmetric() }
        try key.require(operation)
    }

    /// The root of an account may do everything in it; there is nobody else.
    func authorize(_ caller: Caller) throws(KMSError) {
        guard caller.principal.isRoot else {
            throw KMSError(.accessDenied, "\(caller.principal.name) may not do this")
        }
    }

    /// Whether the key's last moment has passed, even if the background worker has not come by yet.
    func isGone(_ key: Key) -> Bool {
        guard let date = key.deletionDate else { return false }
        return date <= clock.now
    }

    /// Changes keys of the caller, all or none, and makes the change visible to every later request.
    func change(
        _ ids: [KeyID],
        _ operation: KeyOperation,
        as caller: Caller,
        _ apply: @escaping @Sendable (inout Key) throws(KMSError) -> Void
    ) async throws(KMSError) -> [Key] {
        try authorize(caller)
        guard !isSealed else { throw KMSError(.sealed, "the service is sealed") }
        let outcome: Result<[Key], KMSError>
        do throws(KMSError) {
            outcome = .success(
                try await store.update(ids, in: caller.scope) { key throws(KMSError) in
                    try self.admit(operation, on: key, as: caller)
                    try apply(&key)
                })
        } catch {
            outcome = .failure(error)
        }
        // Also after a failure: a store that did not answer may have made the change.
        for id in ids { cache.invalidate(id) }
        return try outcome.get()
    }
}
