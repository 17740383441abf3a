import ClavigerAPI
import ClavigerAPITencent
import ClavigerAudit
import ClavigerBackendSoftware
import ClavigerCore
import ClavigerCrypto
import CoreMetrics
import Logging

/// Brings a server from sealed to serving: root key, audit log, first account, endpoints.
actor ServiceActivation {
    private static let auditMACKey = "audit-mac-key"
    private static let auditSigningKey = "audit-signing-key"
    private static let materialDigestKey = "material-digest-key"

    /// Key pairs that may wait to be made; more would wait for minutes.
    private static let longestGenerationQueue = 256

    private let configuration: ServerConfiguration
    private let data: DataDirectory
    private let store: any KeyStore
    private let backend: SoftwareBackend
    private let custody: RootKeyCustody
    private let state: ServiceState
    private let metrics: CallMetrics
    private let logger: Logger
    private let random = RandomSource()
    private let workers: WorkerPool
    private let privateKeyWorkers: WorkerPool
    private var url: String?

    init(
        configuration: ServerConfiguration, data: DataDirectory, store: any KeyStore, provider: any RootKeyProvider,
        state: ServiceState, metrics: CallMetrics, logger: Logger
    ) {
        self.configuration = configuration
        self.data = data
        self.store = store
        self.state = state
        self.metrics = metrics
        self.logger = logger
        backend = SoftwareBackend()
        custody = RootKeyCustody(store: store, backend: backend, provider: provider)
        workers = WorkerPool(
            workers: configuration.threads, longestQueue: Self.longestGenerationQueue, sharing: .givingWay)
        privateKeyWorkers = WorkerPool(workers: configuration.threads, sharing: .givingWay)
    }

    /// Unseals and starts serving, if the root key is at hand.
    ///
    /// - Parameters:
    ///   - mayCreateRootKey: whether data that has no root key yet gets one now.
    ///   - url: how clients reach the server, for the first account's credentials file; known from the first activation on.
    /// - Returns: whether calls are served now.
    func activate(
        passphrase: KeyMaterial? = nil, mayCreateRootKey: Bool, url: String? = nil
    ) async throws(KMSError) -> Bool {
        // Until the first activation has ended, there is no second one beside it: both would open the audit log.
        guard let url = url ?? self.url else { return false }
        defer { self.url = url }
        if state.active != nil { return true }
        guard try await custody.unseal(passphrase: passphrase, mayCreate: mayCreateRootKey) else { return false }
        do throws(KMSError) {
            try await serve(url: url)
        } catch {
            // Without this the next attempt would find the root key in place and ask for no passphrase.
            backend.seal()
            throw error
        }
        return true
    }

    private func serve(url: String) async throws(KMSError) {
        let materialDigestKey = try await secretSetting(Self.materialDigestKey)
        let audit = try await openAudit()
        do throws(KMSError) {
            try await makeFirstAccount(url: url)
        } catch {
            await audit.close()
            throw error
        }
        let kms = KeyService(
            store: store, backend: backend, realms: configuration.realms,
            materialDigestKey: materialDigestKey,
            pools: KeyService.Pools(generation: workers, privateKeys: privateKeyWorkers), limits: configuration.limits
        ) { work, key, error throws(KMSError) in
            // On the disk before it is done: what nobody can account for must not be.
            try await audit.recordDurably(work.event(on: key, error: error, at: WallClock.system.now))
        }
        let credentials = CredentialDirectory(store: store, backend: backend)
        let metrics = metrics
        let recorder = CallRecorder(audit: audit, random: random, logger: logger) {
            dialect, action, outcome, nanoseconds in
            metrics.observe(dialect: dialect, action: action, outcome: outcome, nanoseconds: nanoseconds)
        }
        let tencent = TencentEndpoint(
            kms: kms, credentials: credentials, recorder: recorder, configuration: configuration.tencent)
        let tencentLegacy = TencentEndpoint(
            legacy: kms, credentials: credentials, recorder: recorder, configuration: configuration.tencent)
        state.activate(
            ActiveService(
                kms: kms, credentials: credentials, audit: audit, recorder: recorder,
                endpoints: DialectEndpoints(tencent: tencent, tencentLegacy: tencentLegacy)))
        logger.notice("unsealed")
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
        try file.write(foundation, realms: realms, url: url)
        try await store.insert(
            foundation.account, root: foundation.root, accessKey: foundation.accessKey, projects: foundation.projects)
        logger.notice(
            "first account made", metadata: ["account.id": "\(foundation.account.id)", "credentials": "\(file.path)"])
    }
}
