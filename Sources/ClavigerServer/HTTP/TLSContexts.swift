import Foundation
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The TLS context of new connections, read again when one of its files changes.
final class TLSContexts: Service {
    private let settings: ServerConfiguration.TLS
    private let logger: Logger
    private let current: Mutex<NIOSSLContext>
    private let stamps: Mutex<[String]>

    init(_ settings: ServerConfiguration.TLS, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        stamps = Mutex(Self.stamps(of: settings))
        current = Mutex(try Self.context(settings))
    }

    var context: NIOSSLContext { current.withLock { $0 } }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while (try? await Task.sleep(for: .seconds(2))) != nil { self.reloadIfChanged() }
        }
    }

    /// Reads the files if one of them has changed; keeps the old context if the new ones do not fit, for instance half written.
    func reloadIfChanged() {
        let now = Self.stamps(of: settings)
        guard stamps.withLock({ $0 }) != now else { return }
        do {
            let context = try Self.context(settings)
            current.withLock { $0 = context }
            stamps.withLock { $0 = now }
            logger.notice("TLS certificate reloaded", metadata: ["tls.cert": "\(settings.certificate)"])
        } catch {
            logger.warning("TLS certificate not reloaded", metadata: ["error": "\(error)"])
        }
    }

    private static func context(_ settings: ServerConfiguration.TLS) throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(settings.certificate).map {
            NIOSSLCertificateSource.certificate($0)
        }
        let key = try NIOSSLPrivateKey(file: settings.key, format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        // How long a peer may take to say goodbye; a server that stops waits for it.
        configuration.shutdownTimeout = .seconds(1)
        if let authorities = settings.clientAuthorities {
            configuration.trustRoots = .file(authorities)
            configuration.certificateVerification = .noHostnameVerification
        }
        return try NIOSSLContext(configuration: configuration)
    }

    private static func stamps(of settings: ServerConfiguration.TLS) -> [String] {
        [settings.certificate, settings.key, settings.clientAuthorities].compactMap { $0 }.map { path in
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            return
                "\(path) \(attributes?[.modificationDate] ?? "-") \(attributes?[.size] ?? "-") \(attributes?[.systemFileNumber] ?? "-")"
        }
    }
}
