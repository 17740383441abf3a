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

        /// Asymmetric keys among them, whose parsed private keys take kilobytes each.
        package var residentKeyPairs = 1_000

        /// Versions up to which a key can be rotated by hand. All of them are in memory when the key is used.
        package var versionsByHand = 1_000

        package init() {}
    }

    /// Records work on a key that is due, without an error before it is done, and with one if it then failed. The work is not done if this
    /// throws.
    package typealias DueWorkRecorder = @Sendable (DueWork, Key, KMSError?) async throws(KMSError) -> Void

    /// Reads the policy of an account's key, which was checked when it was stored; one that cannot be read any more denies everything. Gives
    /// nothing if the account is not known here yet, as to a node that others told nothing of it.
    package typealias KeyPolicyReader = @Sendable (PolicyDocument, AccountID) -> Policy?

    /// Threads for what must not be done on an event loop.
    package struct Pools: Sendable {
        /// Makes key pairs, which takes up to seconds.
        package let generation: WorkerPool

        /// Signs and decrypts with private keys, which takes up to milliseconds.
        package let privateKeys: WorkerPool

        package init(generation: WorkerPool, privateKeys: WorkerPool) {
            self.generation = generation
            self.privateKeys = privateKeys
        }
    }

    package let realms: [Realm]
    package let clock: WallClock
    let store: any KeyStore
    let backend: any CryptoBackend
    let random: RandomSource
    let limits: Limits
    let cache: KeyCache
    let pairCache: KeyCache
    let aliasHints: AliasHints
    let materialDigestKey: KeyMaterial
    let failedImports = FailedImports()
    let dueWorkTurnstile = Turnstile()
    let managedKeyTurnstile = Turnstile()
    let aliasTurnstile = Turnstile()
    let failedWork = RecentFailures<KeyID>()
    let recordDueWork: DueWorkRecorder
    package let pools: Pools
    let readPolicy: KeyPolicyReader

    /// - Parameters:
    ///   - materialDigestKey: 32 secret bytes, always the same, by which the digests of imported material are keyed.
    ///   - readPolicy: reads the policies of keys.
    ///   - recordDueWork: records what the service is about to do by itself.
    package init(
        store: any KeyStore,
        backend: any CryptoBackend,
        realms: [Realm],
        clock: WallClock = .system,
        random: RandomSource = RandomSource(),
        materialDigestKey: KeyMaterial,
        pools: Pools,
        limits: Limits = Limits(),
        readPolicy: @escaping KeyPolicyReader,
        recordDueWork: @escaping DueWorkRecorder
    ) {
        self.store = store
        self.backend = backend
        self.realms = realms
        self.clock = clock
        self.random = random
        self.materialDigestKey = materialDigestKey
        self.pools = pools
        self.limits = limits
        self.readPolicy = readPolicy
        self.recordDueWork = recordDueWork
        cache = KeyCache(capacity: limits.residentKeys)
        pairCache = KeyCache(capacity: limits.residentKeyPairs)
        aliasHints = AliasHints(capacity: limits.residentKeys)
    }

    package var isSealed: Bool { backend.isSealed }

    /// Wipes all material from memory.
    package func forgetMaterial() {
        cache.removeAll()
        pairCache.removeAll()
    }
}

// MARK: finding keys

extension KeyService {
    /// The key if it is at hand; `nil` means ask ``load(_:)``, not that there is none.
    package func resident(_ id: KeyID) -> ResidentKey? { cache.lookup(id) ?? pairCache.lookup(id) }

    /// Refuses a key that is not there for the caller: one of another account or realm, or one that is gone.
    ///
    /// - Throws: `.keyNotFound`, or `.accessDenied` to those who may not learn that.
    package func requirePresence(of resident: ResidentKey, to caller: Caller) throws(KMSError) {
        guard resident.key.scope == caller.scope, !isGone(resident.key) else {
            throw caller.absence(of: resident.key.id)
        }
    }

    /// The key as it is now, also if nobody has removed its expired material yet.
    package func currentKey(_ resident: ResidentKey) -> Key { resident.key.current(at: clock.now) }

    /// Whether the key is as it was when it was looked up, also after the work with it has waited.
    package func isCurrent(_ resident: ResidentKey) -> Bool { !resident.isStale }

    /// Fetches a key and its material for a caller.
    ///
    /// - Throws: `.keyNotFound`, or `.accessDenied` to those who may not learn that.
    package func load(_ id: KeyID, as caller: Caller) async throws(KMSError) -> ResidentKey {
        do throws(KMSError) {
            return try await load(id)
        } catch {
            throw Self.concealed(error, about: [id], from: caller)
        }
    }

    /// Fetches a key and its material from the store.
    ///
    /// - Throws: `.keyNotFound`.
    package func load(_ id: KeyID) async throws(KMSError) -> ResidentKey {
        if let resident = resident(id) { return resident }
        while true {
            let (mark, pairMark) = (cache.changes(around: id), pairCache.changes(around: id))
            guard let found = try await store.keyWithVersions(id) else { throw .keyNotFound(id) }
            let (policy, isCertain) = policy(of: found.key)
            let resident: ResidentKey
            let isInstalled: Bool
            if found.key.spec.isSymmetric {
                resident = ResidentKey(
                    key: found.key, policy: policy, versionIDs: found.versions.map(\.id),
                    versions: try activate(found.versions, of: found.key))
                guard isCertain else { return resident }
                isInstalled = cache.install(resident, unlessChangedSince: mark)
            } else {
                resident = ResidentKey(
                    key: found.key, policy: policy, versionIDs: found.versions.map(\.id),
                    pairs: try activatePairs(found.versions, of: found.key))
                guard isCertain else { return resident }
                isInstalled = pairCache.install(resident, unlessChangedSince: pairMark)
            }
            if isInstalled { return resident }
        }
    }

    /// The key's own policy with its grants, ready to be asked, and whether it is certain to be what was written.
    func policy(of key: Key) -> (policy: Policy?, isCertain: Bool) {
        guard let document = key.policy else { return (Policy(of: key, own: nil), true) }
        guard let policy = readPolicy(document, key.scope.account) else {
            return (.denyingEverything(named: Policy.nameOfKeyPolicies), false)
        }
        return (Policy(of: key, own: policy), true)
    }

    private func activate(
        _ versions: [KeyVersion], of key: Key
    ) throws(KMSError) -> [KeyVersionID: any ActiveKeyVersion] {
        guard KeyOperation.decrypt.allowedStates.contains(key.state) else { return [:] }
        var active: [KeyVersionID: any ActiveKeyVersion] = [:]
        for version in versions { active[version.id] = try backend.activate(version, of: key) }
        return active
    }

    private func activatePairs(
        _ versions: [KeyVersion], of key: Key
    ) throws(KMSError) -> [KeyVersionID: any ActivePrivateKey] {
        guard KeyOperation.sign.allowedStates.contains(key.state) else { return [:] }
        var pairs: [KeyVersionID: any ActivePrivateKey] = [:]
        for version in versions { pairs[version.id] = try backend.activatePrivateKey(version, of: key) }
        return pairs
    }

    /// Forgets a key that has changed.
    func invalidate(_ id: KeyID) {
        cache.invalidate(id)
        pairCache.invalidate(id)
    }
}

// MARK: the gate

extension KeyService {
    /// Admits an operation on a key, or throws: `.keyNotFound` for keys of other accounts and realms, `.accessDenied`, or what the
    /// state table says.
    ///
    /// - Parameter tags: what the call gives to the key.
    func admit(
        _ operation: KeyOperation, on key: Key, as caller: Caller, tags: [KeyTag] = []
    ) throws(KMSError) {
        // The root of an account is under no policy.
        let policy = caller.access.rights.isRoot ? nil : policy(of: key).policy
        try admit(operation, on: key, under: policy, as: caller, context: .empty, tags: tags)
    }

    /// Admits an operation on a key that is at hand. What changes the key asks once more, within the change.
    package func admit(
        _ operation: KeyOperation, on resident: ResidentKey, as caller: Caller, context: EncryptionContext = .empty
    ) throws(KMSError) {
        try admit(operation, on: resident.key, under: resident.policy, as: caller, context: context, tags: [])
    }

    /// Asks for the caller's right to a key that is at hand, whatever its state.
    package func requireRight(
        to resident: ResidentKey, context: EncryptionContext = .empty, as caller: Caller
    ) throws(KMSError) {
        try requirePresence(of: resident, to: caller)
        try caller.require(on: .key(resident.key, policy: resident.policy), context: context)
    }

    private func admit(
        _ operation: KeyOperation, on key: Key, under policy: Policy?, as caller: Caller, context: EncryptionContext,
        tags: [KeyTag]
    ) throws(KMSError) {
        guard key.scope == caller.scope, !isGone(key) else { throw caller.absence(of: key.id) }
        // The root is under no policy; what would be asked about is not even put together.
        if !caller.access.rights.isRoot {
            try caller.require(on: .key(key, policy: policy), context: context, tags: tags)
        }
        try key.requireFit(for: operation)
        // Material is not used late, even if the background worker has not come by yet.
        if key.importedMaterial?.expiry != nil {
            try key.current(at: clock.now).require(operation)
        } else {
            try key.require(operation)
        }
    }

    /// A key that admits an operation now, for work that comes before its change: the change asks once more.
    func admittedKey(
        _ id: KeyID, for operation: KeyOperation, as caller: Caller
    ) async throws(KMSError) -> Key {
        try requireUnsealed()
        let key = try await describe([id], as: caller)[0]
        try admit(operation, on: key, as: caller)
        return key
    }

    /// Whether the key's last moment has passed, even if the background worker has not come by yet.
    func isGone(_ key: Key) -> Bool {
        guard let date = key.deletionDate else { return false }
        return date <= clock.now
    }

    /// Changes keys of the caller, all or none, and makes the change visible to every later request.
    ///
    /// - Parameter tags: what the call gives to the keys.
    @discardableResult
    func change(
        _ ids: [KeyID],
        _ operation: KeyOperation,
        as caller: Caller,
        tags: [KeyTag] = [],
        _ apply: @escaping @Sendable (inout Key) throws(KMSError) -> [KeyEffect]
    ) async throws(KMSError) -> [Key] {
        try requireUnsealed()
        let now = clock.now
        do throws(KMSError) {
            return try await changeStored(ids, in: caller.scope) { key throws(KMSError) in
                try self.admit(operation, on: key, as: caller, tags: tags)
                let hasExpired = key.hasExpiredMaterial(at: now)
                key = key.current(at: now)
                return (hasExpired ? [.removeVersions] : []) + (try apply(&key))
            }
        } catch {
            throw Self.concealed(error, about: ids, from: caller)
        }
    }

    /// The error that the caller is told of work on these keys.
    static func concealed(_ error: KMSError, about ids: [KeyID], from caller: Caller) -> KMSError {
        guard error.code == .keyNotFound, let id = ids.first else { return error }
        let told = caller.absence(of: id)
        // The error names the very key that is missing, if the caller may learn that.
        return told.code == .keyNotFound ? error : told
    }

    /// Changes keys without asking who wants it.
    func changeStored(
        _ ids: [KeyID],
        in scope: KeyScope,
        _ apply: @escaping @Sendable (inout Key) throws(KMSError) -> [KeyEffect]
    ) async throws(KMSError) -> [Key] {
        let outcome: Result<[Key], KMSError>
        do throws(KMSError) {
            outcome = .success(try await store.change(ids, in: scope, apply))
        } catch {
            outcome = .failure(error)
        }
        // Also after a failure: a store that did not answer may have made the change.
        for id in ids { invalidate(id) }
        return try outcome.get()
    }

    func requireUnsealed() throws(KMSError) {
        guard !isSealed else { throw KMSError(.sealed, "the service is sealed") }
    }
}
