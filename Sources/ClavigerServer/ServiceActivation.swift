import ClavigerAPI
import ClavigerAPIAdmin
import ClavigerAPIAlibaba
import ClavigerAPIHuawei
import ClavigerAPITencent
import ClavigerAudit
import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import CoreMetrics
import Logging

/// Brings a server from sealed to serving: root key, audit log, first account, endpoints.
actor ServiceActivation {
    private static let auditMACKey = "audit-mac-key"
    private static let auditSigningKey = "audit-signing-key"
    private static let materialDigestKey = "material-digest-key"
    private static let tokenKey = "token-key"

    /// Key pairs that may wait to be made; more would wait for minutes.
    private static let longestGenerationQueue = 256

    private let configuration: ServerConfiguration
    private let data: DataDirectory
    private let store: any KeyStore & SecretStore & IdentityStore
    private let backend: SoftwareBackend
    private let custody: RootKeyCustody
    private let state: ServiceState
    private let metrics: CallMetrics
    private let logger: Logger
    private let random = RandomSource()
    private let workers: WorkerPool
    private let privateKeyWorkers: WorkerPool

    // Digests of passwords take 16 MiB and tens of milliseconds each. Strangers who try to sign in have threads of their own, so that they keep
    // nobody waiting who has a right to be here.
    private let signInWorkers: WorkerPool
    private let passwordWorkers: WorkerPool
    private let searchWorkers: WorkerPool
    private let startedAt = WallClock.system.now
    private var url: String?

    /// Whether unsealing takes a passphrase that proves something.
    nonisolated let checksPassphrases: Bool

    private var isActivating = false

    /// What still ends after the server was sealed.
    private var sealing: Task<Void, Never>?

    init(
        configuration: ServerConfiguration, data: DataDirectory, store: any KeyStore & SecretStore & IdentityStore,
        provider: any RootKeyProvider, state: ServiceState, metrics: CallMetrics, logger: Logger
    ) {
        self.configuration = configuration
        self.data = data
        self.store = store
        self.state = state
        self.metrics = metrics
        self.logger = logger
        checksPassphrases =
            switch configuration.rootKey {
            case .passphrase: true
            case .file: false
            }
        backend = SoftwareBackend()
        custody = RootKeyCustody(store: store, backend: backend, provider: provider)
        workers = WorkerPool(
            workers: configuration.threads, longestQueue: Self.longestGenerationQueue, sharing: .givingWay)
        privateKeyWorkers = WorkerPool(workers: configuration.threads, sharing: .givingWay)
        signInWorkers = WorkerPool(workers: 1, longestQueue: 64, sharing: .givingWay)
        passwordWorkers = WorkerPool(workers: 1, longestQueue: 64, sharing: .givingWay)
        searchWorkers = WorkerPool(workers: 1, longestQueue: 16, sharing: .givingWay)
    }

    /// Unseals and starts serving, if the root key is at hand.
    ///
    /// - Parameters:
    ///   - mayCreateRootKey: whether data that has no root key yet gets one now.
    ///   - url: how clients reach the server, for the first account's credentials file; known from the first activation on.
    ///   - source: who asked for it, for the audit log; `nil` for the server itself.
    /// - Returns: whether calls are served now.
    func activate(
        passphrase: KeyMaterial? = nil, mayCreateRootKey: Bool, url: String? = nil, source: String? = nil
    ) async throws(KMSError) -> Bool {
        // Until the first activation has ended, there is no second one beside it: both would open the audit log.
        guard let url = url ?? self.url else { return false }
        defer { self.url = url }
        if state.active != nil { return true }
        guard !isActivating else { throw KMSError(.throttled, "another attempt to unseal is under way") }
        isActivating = true
        defer { isActivating = false }
        await sealing?.value
        guard try await custody.unseal(passphrase: passphrase, mayCreate: mayCreateRootKey) else { return false }
        do throws(KMSError) {
            try await serve(url: url)
        } catch {
            // Without this the next attempt would find the root key in place and ask for no passphrase.
            backend.seal()
            throw error
        }
        guard let source else { return true }
        do throws(KMSError) {
            try await recordUnsealing(by: source)
        } catch {
            seal()
            throw error
        }
        return true
    }

    private func recordUnsealing(by source: String) async throws(KMSError) {
        try await state.active?.audit.recordDurably(
            AuditEvent(
                time: MicrosecondClock.system.now, requestID: "", dialect: "server", action: "unseal", source: source))
    }

    /// Stops serving and forgets the root key and all that it opened. Calls in work are still answered and recorded.
    func seal() {
        guard let active = state.deactivate() else { return }
        let (backend, logger) = (backend, logger)
        sealing = Task {
            await active.recorder.waitForCalls(within: .seconds(5))
            try? await active.credentials.flushUse()
            active.kms.forgetMaterial()
            active.credentials.removeAll()
            backend.seal()
            await active.audit.close()
            logger.notice("sealed")
        }
    }

    private func serve(url: String) async throws(KMSError) {
        let materialDigestKey = try await secretSetting(Self.materialDigestKey)
        let tokens = TokenAuthority(key: try await secretSetting(Self.tokenKey), random: random)
        try await tokens.loadRevoked(from: store)
        let policies = PolicyReader(realms: configuration.realms)
        let accounts = AccountTable()
        let projects = ProjectTable()
        let audit = try await openAudit()
        do throws(KMSError) {
            try await makeFirstAccount(url: url)
            try await accounts.load(from: store)
            try await projects.load(from: store)
            try await projects.ensureProjects(in: store, realms: configuration.realms, random: random)
        } catch {
            await audit.close()
            throw error
        }
        let kms = KeyService(
            store: store, backend: backend, realms: configuration.realms,
            materialDigestKey: materialDigestKey,
            pools: KeyService.Pools(generation: workers, privateKeys: privateKeyWorkers), limits: configuration.limits,
            readPolicy: { document, account in
                accounts[account].map {
                    policies.readStored(document, named: Policy.nameOfKeyPolicies, for: .key, account: $0)
                }
            }
        ) { work, key, error throws(KMSError) in
            // On the disk before it is done: what nobody can account for must not be.
            try await audit.recordDurably(work.event(on: key, error: error, at: WallClock.system.now))
        }
        let credentials = CredentialDirectory(store: store, backend: backend, tokens: tokens, policies: policies)
        let limiter = RateLimiter(
            configuration.rateLimits.limits(with: configuration.actionLimits),
            actions: RateLimitPreset.actions.sorted())
        let metrics = metrics
        let recorder = CallRecorder(audit: audit, random: random, logger: logger) {
            dialect, action, outcome, nanoseconds in
            metrics.observe(dialect: dialect, action: action, outcome: outcome, nanoseconds: nanoseconds)
        }
        let tencent = TencentEndpoint(
            kms: kms, credentials: credentials, limiter: limiter, recorder: recorder,
            configuration: configuration.tencent)
        let tencentLegacy = TencentEndpoint(
            legacy: kms, credentials: credentials, limiter: limiter, recorder: recorder,
            configuration: configuration.tencent)
        let identities = identities(
            IdentityParts(
                credentials: credentials, tokens: tokens, policies: policies, accounts: accounts, projects: projects))
        let admin = admin(
            AdminParts(
                kms: kms, identities: identities, credentials: credentials, accounts: accounts, audit: audit,
                limiter: limiter, recorder: recorder))
        let defaultKeys = DefaultKeys(kms: kms) { key throws(KMSError) in
            try await audit.recordDurably(key.eventOfDefaultKey(at: WallClock.system.now))
        }
        let secrets = SecretService(store: store, kms: kms, random: random, limits: configuration.secretLimits) {
            key throws(KMSError) in
            try await audit.recordDurably(key.eventOfDefaultKey(at: WallClock.system.now))
        } recordDeletion: { secret, error throws(KMSError) in
            try await audit.recordDurably(secret.eventOfDeletion(error: error, at: WallClock.system.now))
        }
        let alibaba = AlibabaEndpoint(
            AlibabaParts(
                kms: kms, secrets: secrets, credentials: credentials, limiter: limiter, recorder: recorder,
                configuration: configuration.alibaba))
        let huawei = HuaweiParts(
            kms: kms, credentials: credentials, identities: identities, accounts: accounts, projects: projects,
            defaultKeys: defaultKeys, limiter: limiter, recorder: recorder, configuration: configuration.huawei,
            url: url)
        state.activate(
            ActiveService(
                kms: kms, secrets: secrets, credentials: credentials, audit: audit, recorder: recorder,
                endpoints: DialectEndpoints(
                    admin: admin, alibaba: alibaba, huawei: HuaweiEndpoint(huawei),
                    huaweiIdentity: HuaweiIdentityEndpoint(huawei),
                    tencent: tencent, tencentLegacy: tencentLegacy)))
        logger.notice("unsealed")
    }

    // MARK: administration

    /// What the administration of identities is made of, besides what is here for good.
    private struct IdentityParts {
        let credentials: CredentialDirectory
        let tokens: TokenAuthority
        let policies: PolicyReader
        let accounts: AccountTable
        let projects: ProjectTable
    }

    private func identities(_ parts: IdentityParts) -> IdentityService {
        IdentityService(
            store: store, keys: store, backend: backend, credentials: parts.credentials, tokens: parts.tokens,
            gate: PasswordGate(rules: configuration.passwordRules, workers: signInWorkers, random: random),
            policies: parts.policies, accounts: parts.accounts, projects: parts.projects, realms: configuration.realms,
            workers: passwordWorkers, random: random)
    }

    /// What our own dialect is made of, besides what is here for good.
    private struct AdminParts {
        let kms: KeyService
        let identities: IdentityService
        let credentials: CredentialDirectory
        let accounts: AccountTable
        let audit: AuditLog
        let limiter: RateLimiter
        let recorder: CallRecorder
    }

    private func admin(_ parts: AdminParts) -> AdminEndpoint {
        let (store, startedAt) = (store, startedAt)
        let server = AdminServer {
            var storeWorks = true
            do throws(KMSError) { try await store.checkHealth() } catch { storeWorks = false }
            return AdminServerStatus(
                version: Version.current, startedAt: startedAt,
                accounts: parts.accounts.count, storeWorks: storeWorks, auditIsHealthy: parts.audit.isHealthy,
                auditLastSequence: parts.audit.lastSequence)
        } seal: {
            await self.seal()
        }
        return AdminEndpoint(
            kms: parts.kms, identities: parts.identities, credentials: parts.credentials, store: store,
            audit: AuditSearch(directory: configuration.auditDirectory), searches: searchWorkers,
            limiter: parts.limiter, recorder: parts.recorder, server: server)
    }

    // MARK: audit

    private func openAudit() async throws(KMSError) -> AuditLog {
        let macKey = try await secretSetting(Self.auditMACKey)
        let signingKey = try await secretSetting(Self.auditSigningKey)
        let (directory, head, logger) = (configuration.auditDirectory, data.file("audit-head"), logger)
        let acceptsTampered = configuration.acceptsTamperedAudit
        // Nobody waits for the sync of a data event. One sync for all of a moment leaves the disk and a core to other work.
        let options = AuditLog.Options(dataSyncInterval: .milliseconds(25))
        let audit = try await workers.run { () throws(KMSError) in
            try AuditLog(
                directory: directory, head: head, macKey: macKey, signingKey: signingKey, options: options,
                acceptingTamperedLog: acceptsTampered, logger: logger)
        }
        try SecretFile.write(Array(audit.publicKey.pem.utf8), to: data.file("audit-public-key.pem"))
        return audit
    }

    /// 32 secret bytes of the server's own, made at the first start.
    private func secretSetting(_ name: String) async throws(KMSError) -> KeyMaterial {
        let identity = RowIdentity("setting", name)
        if let stored = try await store.setting(name) { return try backend.unwrap(stored, identity: identity) }
        let made = random.material(32)
        guard try await store.insertSettings([name: try backend.wrap(made, identity: identity)]) else {
            throw KMSError(.internalFailure, "the setting \(name) was made by somebody else at the same time")
        }
        return made
    }

    // MARK: the first account

    private func makeFirstAccount(url: String) async throws(KMSError) {
        let file = CredentialsFile(path: data.file("credentials.env"))
        guard try await store.accounts().isEmpty else { return try file.update(url: url) }
        let (name, realms, backend, random) = (configuration.accountName, configuration.realms, backend, random)
        let foundation = try await workers.run { () throws(KMSError) in
            try AccountFoundation(
                name: name, realms: realms, backend: backend, random: random, now: WallClock.system.now)
        }
        try file.write(foundation, realms: realms, alibabaRegion: configuration.alibaba.region, url: url)
        try await store.insert(
            foundation.account, root: foundation.root, accessKey: foundation.accessKey, projects: foundation.projects)
        logger.notice(
            "first account made", metadata: ["account.id": "\(foundation.account.id)", "credentials": "\(file.path)"])
    }
}
