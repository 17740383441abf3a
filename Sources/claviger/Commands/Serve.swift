import ArgumentParser
import ClavigerServer
import Foundation
import Logging

/// `claviger serve`: the server itself.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs the server.",
        discussion: """
            Needs no configuration: it keeps everything in ~/.claviger, listens on 127.0.0.1:7700 and writes the first account's \
            credentials to ~/.claviger/credentials.env.

            Settings come from flags, then CLAVIGER_* variables (CLAVIGER_LISTEN, CLAVIGER_ROOT_KEY_PROVIDER, …), then the YAML file \
            named by --config. The root key's passphrase can be given in CLAVIGER_ROOT_KEY_PASSPHRASE.
            """)

    @Option(help: "YAML file with settings.")
    var config: String?

    @Option(help: "Folder of keys, accounts and the audit log (default: ~/.claviger).")
    var data: String?

    @Option(help: "HOST:PORT to listen on (default: 127.0.0.1:7700).")
    var listen: String?

    @Option(help: "Certificate chain in PEM; read again when it changes.")
    var tlsCert: String?

    @Option(help: "Private key of the certificate in PEM.")
    var tlsKey: String?

    @Option(help: "Authorities in PEM whose client certificates are required.")
    var tlsClientCa: String?

    @Flag(help: "Serve plain HTTP on other addresses than loopback.")
    var insecureHttp = false

    @Option(help: "Where the root key comes from: file or passphrase (default: file).")
    var rootKeyProvider: String?

    @Option(help: "File of the root key (default: root.key in the data folder).")
    var rootKeyFile: String?

    @Option(help: "File whose first line is the root key's passphrase.")
    var rootKeyPassphraseFile: String?

    @Option(help: "Folder of the audit log (default: audit in the data folder).")
    var auditDirectory: String?

    @Flag(help: "Go on, in a new file that says so, after an audit log whose end does not verify.")
    var auditAcceptTampered = false

    @Option(help: "trace, debug, info, notice, warning, error or critical (default: info).")
    var logLevel: String?

    @Option(help: "auto, text or json (default: auto, which is text on a terminal).")
    var logFormat: String?

    @Option(help: "Event loops (default: one for each core).")
    var threads: String?

    @Option(
        help:
            "How often accounts may call actions: off or documented, the rates of the vendors' documents (default: off)."
    )
    var limits: String?

    func run() async throws {
        ProcessHardening.apply()
        // A peer that goes away must not end the process.
        signal(SIGPIPE, SIG_IGN)
        // Before anything copies the environment: children and /proc must not show it.
        let passphrase = ProcessHardening.takeVariable("CLAVIGER_ROOT_KEY_PASSPHRASE")
        let environment = ProcessInfo.processInfo.environment
        let settings: ServerConfiguration
        do throws(ConfigurationError) {
            settings = try ConfigurationLoader(flags: flags, environment: environment)
                .load(file: config ?? environment["CLAVIGER_CONFIG"])
        } catch {
            throw ValidationError(error.description)
        }
        LoggingSystem.bootstrap { LineLogHandler(label: $0, level: settings.logLevel, format: settings.logFormat) }
        let logger = Logger(label: "claviger")
        do {
            try await Server(configuration: settings, passphrase: passphrase, logger: logger).run { notice in
                print(Self.banner(notice))
                fflush(nil)
            }
        } catch {
            FileHandle.standardError.write(Data("error: \(ServerFailure.describe(error))\n".utf8))
            throw ExitCode.failure
        }
    }

    private var flags: [ConfigurationKey: String] {
        let given: [ConfigurationKey: String?] = [
            .data: data, .listen: listen, .tlsCertificate: tlsCert, .tlsKey: tlsKey, .tlsClientAuthorities: tlsClientCa,
            .insecureHTTP: insecureHttp ? "true" : nil, .rootKeyProvider: rootKeyProvider, .rootKeyFile: rootKeyFile,
            .rootKeyPassphraseFile: rootKeyPassphraseFile, .auditDirectory: auditDirectory,
            .auditAcceptTampered: auditAcceptTampered ? "true" : nil, .logLevel: logLevel,
            .logFormat: logFormat, .threads: threads, .limits: limits,
        ]
        return given.compactMapValues { $0 }
    }

    private static func banner(_ notice: ServingNotice) -> String {
        guard !notice.isSealed else {
            return """
                Claviger \(Version.current) is up at \(notice.url), but sealed: its root key is not at hand.
                Unseal it:    claviger unseal --url \(notice.url)
                """
        }
        return """
            Claviger \(Version.current) serves at \(notice.url)
            Credentials:  \(notice.credentials)
            First call:   \(CommandLine.arguments[0]) key create my-first-key --profile \(notice.credentials)
            """
    }
}
