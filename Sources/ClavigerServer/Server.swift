import CKernel
import ClavigerAudit
import ClavigerBackendSoftware
import ClavigerCore
package import ClavigerCrypto
import ClavigerIdentity
import ClavigerStoreSQLite
import Configuration
import CoreMetrics
import Foundation
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// A whole server, from its configuration to its end.
package struct Server: Sendable {
    #if os(Linux)
        /// Nanoseconds that an event loop wants to go on at a time. The shortest that Linux knows: a loop that wakes then runs at once.
        private static let loopSlice: UInt64 = 100_000
    #endif

    private let configuration: ServerConfiguration
    private let passphrase: KeyMaterial?
    private let logger: Logger

    /// - Parameters:
    ///   - passphrase: of the root key, where the environment gives it.
    package init(configuration: ServerConfiguration, passphrase: KeyMaterial?, logger: Logger) {
        self.configuration = configuration
        self.passphrase = passphrase
        self.logger = logger
    }

    /// Tests the cryptography, then serves until SIGTERM or SIGINT; calls in work are then answered first.
    ///
    /// - Parameter whenServing: told how the server is reached, once it is.
    package func run(whenServing: @escaping @Sendable (ServingNotice) -> Void) async throws {
        try CryptoSelfTest.run()
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        let data = try DataDirectory(path: configuration.data)
        let store = try SQLiteKeyStore(path: data.file("claviger.db"))
        let state = ServiceState()
        let activation = ServiceActivation(
            configuration: configuration, data: data, store: store, provider: try rootKeyProvider(), state: state,
            metrics: CallMetrics(factory: registry), logger: logger)
        let tls = try configuration.tls.map { try TLSContexts($0, logger: logger) }
        let routes = OperationsRoutes(
            state: state, store: store, activation: activation, registry: registry, logger: logger)
        let router = ServerRouter(
            state: state, operations: OperationsResponder(router: routes.router(), logger: logger))
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.threads)
        #if os(Linux)
            for loop in group.makeIterator() { loop.execute { _ = kernel_share_core(0, Self.loopSlice) } }
        #endif
        let listener = try await Listener.bind(
            host: configuration.host, port: configuration.port, group: group, tls: tls, router: router, logger: logger)
        let url = url(port: listener.port ?? configuration.port)
        let isServing = try await activation.activate(mayCreateRootKey: true, url: url)
        warnOfRisks()
        let announcement = ServingAnnouncement {
            whenServing(ServingNotice(url: url, credentials: data.file("credentials.env"), isSealed: !isServing))
            logger.notice(
                "serving", metadata: ["url": "\(url)", "version": "\(Version.current)", "sealed": "\(!isServing)"])
        }

        var services: [any Service] = [BackgroundWorker(state: state, logger: logger)]
        if let tls { services.append(tls) }
        services += [listener, announcement] as [any Service]
        let serviceGroup = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { ServiceGroupConfiguration.ServiceConfiguration(service: $0) },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await serviceGroup.run()
        let active = state.deactivate()
        try? await active?.credentials.flushUse()
        await store.close()
        await active?.close()
        logger.notice("stopped")
    }

    private func rootKeyProvider() throws(KMSError) -> any RootKeyProvider {
        switch configuration.rootKey {
        case .file(let path): FileRootKeyProvider(path: path)
        case .passphrase(let file):
            PassphraseRootKeyProvider(passphrase: try file.map(SecretFile.readFirstLine) ?? passphrase)
        }
    }

    private func url(port: Int) -> String {
        let scheme = configuration.tls == nil ? "http" : "https"
        let host =
            switch configuration.host {
            case "0.0.0.0", "::": "127.0.0.1"
            case let address where address.contains(":"): "[\(address)]"
            case let name: name
            }
        return "\(scheme)://\(host):\(port)"
    }

    private func warnOfRisks() {
        if LockedMemory.lockWasRefused {
            logger.warning("memory for keys could not be locked; raise RLIMIT_MEMLOCK (ulimit -l), or turn swap off")
        }
        if configuration.tls == nil, configuration.allowsInsecureHTTP {
            logger.warning("plain HTTP is served; requests and answers can be read on the way")
        }
    }
}

/// How a server that has come up is reached.
package struct ServingNotice: Sendable {
    package let url: String

    /// The file of the first account's secrets.
    package let credentials: String
    package let isSealed: Bool
}
