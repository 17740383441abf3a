import ClavigerAPIAlibaba
import ClavigerAPIHuawei
import ClavigerAPITencent
import ClavigerCore
import ClavigerIdentity
import Configuration
import Foundation
import Logging
import Yams

/// Reads the configuration: defaults, then a YAML file, then the environment, then flags.
package struct ConfigurationLoader: Sendable {
    /// Variables with our prefix that are not settings of the server: the client's, those of the Encryption SDK, and the build's.
    private static let foreignVariables: Set<String> = [
        "CLAVIGER_URL", "CLAVIGER_ACCESS_ID", "CLAVIGER_ACCESS_KEY", "CLAVIGER_REGION", "CLAVIGER_REGION_ALIBABA",
        "CLAVIGER_REGION_HUAWEI", "CLAVIGER_PROJECT_ID", "CLAVIGER_DOMAIN_NAME", "CLAVIGER_USER", "CLAVIGER_PASSWORD",
        "CLAVIGER_PROFILE", "CLAVIGER_TOKEN", "CLAVIGER_CA_FILE", "CLAVIGER_CONFIG", "CLAVIGER_ROOT_KEY_PASSPHRASE",
        "CLAVIGER_SM4_KERNEL", "CLAVIGER_SDK_LIB",
        "CLAVIGER_STRICT", "CLAVIGER_BENCHMARKS", "CLAVIGER_FUZZ", "CLAVIGER_SDK", "CLAVIGER_BINARY",
        "CLAVIGER_VECTORS_WYCHEPROOF", "CLAVIGER_VECTORS_NIST", "CLAVIGER_VECTORS_SHARED", "CLAVIGER_KERNEL_INPUTS",
        "CLAVIGER_FAKE_KMS_PROGRAM",
    ]

    private let flags: [ConfigurationKey: String]
    private let environment: [String: String]

    /// - Parameters:
    ///   - flags: what the command line says.
    ///   - environment: the process's variables.
    package init(flags: [ConfigurationKey: String], environment: [String: String]) {
        self.flags = flags
        self.environment = environment
    }

    /// - Throws: ``ConfigurationError`` that says which setting is wrong and what would be right.
    package func load(file: String?) throws(ConfigurationError) -> ServerConfiguration {
        try refuseUnknownVariables()
        let document = try file.map(Self.document)
        var providers: [any ConfigProvider] = [
            Self.provider(flags),
            // An empty variable is one that is not set; it hides nothing.
            EnvironmentVariablesProvider(environmentVariables: environment.filter { !$0.value.isEmpty }).prefixKeys(
                with: "claviger"),
        ]
        if let document { providers.append(Self.provider(document.scalars)) }
        return try Self.configuration(
            SettingReader(reader: ConfigReader(providers: providers)), document,
            home: environment["HOME"] ?? NSHomeDirectory())
    }

    private static func provider(_ values: [ConfigurationKey: String]) -> InMemoryProvider {
        InMemoryProvider(
            values: Dictionary(
                uniqueKeysWithValues: values.map {
                    (AbsoluteConfigKey($0.configKey), ConfigValue(.string($1), isSecret: false))
                }))
    }

    private func refuseUnknownVariables() throws(ConfigurationError) {
        let known = Self.foreignVariables.union(ConfigurationKey.allCases.map(\.environmentName))
        for name in environment.keys.sorted() where name.hasPrefix("CLAVIGER_") && !known.contains(name) {
            throw ConfigurationError("unknown environment variable \(name)")
        }
    }

    private static func configuration(
        _ settings: SettingReader, _ document: Document?, home: String
    ) throws(ConfigurationError) -> ServerConfiguration {
        let data = settings.text(.data) ?? "\(home)/.claviger"
        let (host, port) = try address(settings.text(.listen) ?? "127.0.0.1:7700")
        var configuration = ServerConfiguration(
            data: data,
            rootKey: try rootKey(settings, data: data),
            auditDirectory: settings.text(.auditDirectory) ?? "\(data)/audit",
            threads: try settings.number(.threads, in: 1...256) ?? min(ProcessInfo.processInfo.activeProcessorCount, 64)
        )
        configuration.host = host
        configuration.port = port
        configuration.tls = try tls(settings)
        configuration.allowsInsecureHTTP = try settings.flag(.insecureHTTP) ?? false
        configuration.acceptsTamperedAudit = try settings.flag(.auditAcceptTampered) ?? false
        configuration.logLevel = try settings.choice(.logLevel, Logger.Level.allCases) { $0.rawValue } ?? .info
        configuration.logFormat =
            try settings.choice(.logFormat, ServerConfiguration.LogFormat.allCases) { $0.rawValue } ?? .auto
        configuration.accountName = settings.text(.accountName) ?? "claviger"
        if let limit = try settings.number(.keysPerRegion, in: 1...100_000_000) {
            configuration.limits.keysPerScope = limit
        }
        if let limit = try settings.number(.residentKeys, in: 16...10_000_000) {
            configuration.limits.residentKeys = limit
        }
        if let limit = try settings.number(.secretsPerRegion, in: 1...100_000_000) {
            configuration.secretLimits.secretsPerScope = limit
        }
        if let quota = try settings.number(.huaweiKeyQuota, in: 1...100_000_000) {
            configuration.huawei.keyQuota = quota
        }
        if let preset = try settings.choice(.limits, RateLimitPreset.allCases, { $0.rawValue }) {
            configuration.rateLimits = preset
        }
        if let limits = document?.actionLimits { configuration.actionLimits = limits }
        if let attempts = try settings.number(.passwordAttempts, in: 1...1000) {
            configuration.passwordRules.attempts = attempts
        }
        if let seconds = try settings.number(.passwordLockSeconds, in: 1...86_400) {
            configuration.passwordRules.window = .seconds(seconds)
            configuration.passwordRules.lockTime = .seconds(seconds)
        }
        if let realms = document?.realms { configuration.realms = realms }
        configuration.alibaba = try alibaba(settings, realms: configuration.realms)
        if let licenses = document?.licenses { configuration.tencent = TencentConfiguration(licenses: licenses) }
        if !configuration.allowsInsecureHTTP, configuration.tls == nil, !isLoopback(host) {
            throw ConfigurationError(
                "plain HTTP is served on loopback addresses only; give --tls-cert and --tls-key, or --insecure-http if something in "
                    + "front of the server speaks TLS")
        }
        return configuration
    }

    private static func rootKey(_ settings: SettingReader, data: String) throws(ConfigurationError)
        -> ServerConfiguration.RootKeySource
    {
        switch settings.text(.rootKeyProvider) ?? "file" {
        case "file": return .file(path: settings.text(.rootKeyFile) ?? "\(data)/root.key")
        case "passphrase": return .passphrase(file: settings.text(.rootKeyPassphraseFile))
        case let other: throw ConfigurationError("root-key.provider is file or passphrase, not \(other)")
        }
    }

    private static func tls(_ settings: SettingReader) throws(ConfigurationError) -> ServerConfiguration.TLS? {
        switch (settings.text(.tlsCertificate), settings.text(.tlsKey)) {
        case (let certificate?, let key?):
            return ServerConfiguration.TLS(
                certificate: certificate, key: key, clientAuthorities: settings.text(.tlsClientAuthorities))
        case (nil, nil):
            guard settings.text(.tlsClientAuthorities) == nil else {
                throw ConfigurationError("tls.client-ca needs tls.cert and tls.key")
            }
            return nil
        default: throw ConfigurationError("tls.cert and tls.key belong together")
        }
    }

    /// Splits `host:port`; an IPv6 host stands in brackets.
    private static func address(_ text: String) throws(ConfigurationError) -> (host: String, port: Int) {
        guard
            let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), 0...65535 ~= port
        else { throw ConfigurationError("listen is HOST:PORT, such as 127.0.0.1:7700, not \(text)") }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else {
            throw ConfigurationError("listen is HOST:PORT, such as 127.0.0.1:7700, not \(text)")
        }
        return (String(host), port)
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }
}

/// A setting that is wrong: what it is and what would be right.
package struct ConfigurationError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Reads settings as text and converts them, whatever source they come from.
private struct SettingReader {
    let reader: ConfigReader

    func text(_ key: ConfigurationKey) -> String? {
        let value = reader.string(forKey: key.configKey)
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    func number(_ key: ConfigurationKey, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        guard let text = text(key) else { return nil }
        guard let number = Int(text), range ~= number else {
            throw ConfigurationError(
                "\(key.rawValue) is a number from \(range.lowerBound) to \(range.upperBound), not \(text)")
        }
        return number
    }

    func flag(_ key: ConfigurationKey) throws(ConfigurationError) -> Bool? {
        switch text(key) {
        case nil: return nil
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        case let other?: throw ConfigurationError("\(key.rawValue) is true or false, not \(other)")
        }
    }

    func choice<Value>(
        _ key: ConfigurationKey, _ values: [Value], _ name: (Value) -> String
    ) throws(ConfigurationError) -> Value? {
        guard let text = text(key) else { return nil }
        guard let value = values.first(where: { name($0) == text }) else {
            throw ConfigurationError(
                "\(key.rawValue) is one of \(values.map(name).joined(separator: ", ")), not \(text)")
        }
        return value
    }
}

// MARK: the YAML file

extension ConfigurationLoader {
    /// A file taken apart: scalars by their keys, and the two settings that have structure.
    struct Document {
        var scalars: [ConfigurationKey: String] = [:]
        var realms: [Realm]?
        var actionLimits: [String: Int]?
        var licenses: [TencentConfiguration.TSMLicense]?
    }

    private static func document(_ path: String) throws(ConfigurationError) -> Document {
        let root: Node?
        do {
            root = try Yams.compose(yaml: try String(contentsOfFile: path, encoding: .utf8))
        } catch {
            throw ConfigurationError("the configuration file \(path) cannot be read: \(error)")
        }
        var document = Document()
        guard let root else { return document }
        try collect(root, path: [], into: &document)
        return document
    }

    private static func collect(_ node: Node, path: [String], into document: inout Document) throws(ConfigurationError)
    {
        let name = path.joined(separator: ".")
        switch name {
        case "realms": document.realms = try realms(node)
        case "limits.actions": document.actionLimits = try actionLimits(node)
        case "tencent.tsm-licenses": document.licenses = try licenses(node)
        default:
            switch node {
            case .mapping(let mapping):
                guard name.isEmpty || ConfigurationKey.isFolder(name) else {
                    throw ConfigurationError("unknown setting \(name) in the configuration file")
                }
                for (key, value) in mapping { try collect(value, path: path + [key.string ?? ""], into: &document) }
            case .scalar(let scalar):
                // A document that holds nothing.
                if name.isEmpty, scalar.string.isEmpty { return }
                // Where other limits are set too, the word cannot stand for itself.
                guard let key = ConfigurationKey(rawValue: name == "limits.preset" ? "limits" : name) else {
                    throw ConfigurationError(
                        "unknown setting \(name.isEmpty ? scalar.string : name) in the configuration file")
                }
                document.scalars[key] = scalar.string
            case .sequence, .alias:
                throw ConfigurationError("the setting \(name) in the configuration file is unknown or no list")
            }
        }
    }

    private static func alibaba(
        _ settings: SettingReader, realms: [Realm]
    ) throws(ConfigurationError) -> AlibabaConfiguration {
        guard let region = settings.text(.alibabaRegion) else { return AlibabaConfiguration(of: realms) }
        guard let configuration = AlibabaConfiguration(region: region, of: realms) else {
            let names = realms.flatMap(\.alibabaNames).joined(separator: ", ")
            throw ConfigurationError("\(ConfigurationKey.alibabaRegion.rawValue) is one of: \(names)")
        }
        return configuration
    }

    private static func realms(_ node: Node) throws(ConfigurationError) -> [Realm] {
        let known: Set<String> = ["name", "edition", "tencent", "alibaba", "huawei"]
        var realms: [Realm] = []
        for entry in try entries(node, "realms", known) {
            guard let name = entry["name"]?.string, !name.isEmpty else {
                throw ConfigurationError("each of realms has a name")
            }
            guard let edition = Realm.Edition(rawValue: entry["edition"]?.string ?? "standard") else {
                throw ConfigurationError("the edition of realm \(name) is standard or guomi")
            }
            func names(_ key: String) -> [String] {
                (entry[key]?.sequence).map { $0.compactMap(\.string) } ?? entry[key]?.string.map { [$0] } ?? []
            }
            realms.append(
                Realm(
                    id: RealmID(name), edition: edition, tencent: names("tencent"), alibaba: names("alibaba"),
                    huawei: names("huawei")))
        }
        let all = realms.flatMap { $0.tencentNames + $0.alibabaNames + $0.huaweiNames }
        guard !realms.isEmpty, Set(realms.map(\.id)).count == realms.count, Set(all).count == all.count else {
            throw ConfigurationError("realms has at least one entry, and no name twice")
        }
        return realms
    }

    /// Calls per second by the actions' names.
    private static func actionLimits(_ node: Node) throws(ConfigurationError) -> [String: Int] {
        guard let mapping = node.mapping else { throw ConfigurationError("limits.actions is a mapping") }
        var limits: [String: Int] = [:]
        for (name, value) in mapping {
            guard let action = name.string, RateLimitPreset.actions.contains(action) else {
                throw ConfigurationError("unknown action \(name.string ?? "") in limits.actions")
            }
            guard let rate = value.string.flatMap(Int.init), 0...1_000_000 ~= rate else {
                throw ConfigurationError(
                    "limits.actions.\(action) is a number of calls per second, 0 for no limit, not \(value.string ?? "")"
                )
            }
            limits[action] = rate
        }
        return limits
    }

    private static func licenses(_ node: Node) throws(ConfigurationError) -> [TencentConfiguration.TSMLicense] {
        try entries(node, "tencent.tsm-licenses", ["version", "app-id", "certificate"]).map {
            TencentConfiguration.TSMLicense(
                version: $0["version"]?.string, appID: $0["app-id"]?.string, certificate: $0["certificate"]?.string)
        }
    }

    private static func entries(
        _ node: Node, _ name: String, _ known: Set<String>
    ) throws(ConfigurationError) -> [Node] {
        guard let sequence = node.sequence else { throw ConfigurationError("\(name) is a list") }
        for entry in sequence {
            guard let mapping = entry.mapping else { throw ConfigurationError("each of \(name) is a mapping") }
            for key in mapping.keys where !known.contains(key.string ?? "") {
                throw ConfigurationError("unknown setting \(key.string ?? "") in \(name)")
            }
        }
        return Array(sequence)
    }
}

extension ConfigurationKey {
    /// The key as the configuration library has it.
    fileprivate var configKey: ConfigKey { ConfigKey(rawValue.split(separator: ".").map(String.init)) }
}
