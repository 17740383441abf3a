import ClavigerAPIAlibaba
import ClavigerAPITencent
import ClavigerCore
import Foundation
import Logging
import Testing

@testable import ClavigerServer

@Suite final class ConfigurationLoaderTests {
    private let path = NSTemporaryDirectory() + "configuration-\(UUID().uuidString).yaml"

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private func load(
        _ yaml: String? = nil, environment: [String: String] = [:], flags: [ConfigurationKey: String] = [:]
    ) throws -> ServerConfiguration {
        if let yaml { try Data(yaml.utf8).write(to: URL(filePath: path)) }
        return try ConfigurationLoader(
            flags: flags, environment: environment.merging(["HOME": "/home/x"]) { old, _ in old }
        )
        .load(file: yaml == nil ? nil : path)
    }

    private func expectRefusal(
        _ part: String, _ yaml: String? = nil, environment: [String: String] = [:],
        flags: [ConfigurationKey: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: ConfigurationError.self, sourceLocation: sourceLocation) {
            try load(yaml, environment: environment, flags: flags)
        }
        #expect(
            error?.description.contains(part) == true, "\(error?.description ?? "")", sourceLocation: sourceLocation)
    }

    @Test func `Without any configuration there are defaults`() throws {
        let configuration = try load()
        #expect(configuration.data == "/home/x/.claviger")
        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 7700)
        #expect(configuration.tls == nil)
        #expect(!configuration.allowsInsecureHTTP)
        #expect(configuration.auditDirectory == "/home/x/.claviger/audit")
        #expect(configuration.logLevel == .info)
        #expect(configuration.logFormat == .auto)
        #expect(configuration.threads >= 1)
        #expect(configuration.accountName == "claviger")
        #expect(configuration.realms == Realm.builtIn)
        guard case .file("/home/x/.claviger/root.key") = configuration.rootKey else {
            Issue.record("\(configuration.rootKey)")
            return
        }
    }

    @Test func `A file goes before the defaults, the environment before the file, flags before all`() throws {
        let yaml = "listen: 127.0.0.1:1\nlog: {level: debug}\nthreads: 3\naccount-name: file"
        let variables = ["CLAVIGER_LISTEN": "127.0.0.1:2", "CLAVIGER_THREADS": "4"]
        let configuration = try load(yaml, environment: variables, flags: [.listen: "127.0.0.1:3"])
        #expect(configuration.port == 3)
        #expect(configuration.threads == 4)
        #expect(configuration.logLevel == .debug)
        #expect(configuration.accountName == "file")
        #expect(try load(yaml, environment: variables).port == 2)
        #expect(try load(yaml).port == 1)
    }

    @Test func `Every setting is read from every source`() throws {
        let values: [(ConfigurationKey, String, (ServerConfiguration) -> Bool)] = [
            (.data, "/d", { $0.data == "/d" && $0.auditDirectory == "/d/audit" }),
            (.listen, "[::1]:80", { $0.host == "::1" && $0.port == 80 }),
            (.insecureHTTP, "true", { $0.allowsInsecureHTTP }),
            (.rootKeyFile, "/k", { if case .file("/k") = $0.rootKey { true } else { false } }),
            (.auditDirectory, "/a", { $0.auditDirectory == "/a" }),
            (.logLevel, "error", { $0.logLevel == .error }),
            (.logFormat, "json", { $0.logFormat == .json }),
            (.threads, "7", { $0.threads == 7 }),
            (.accountName, "acme", { $0.accountName == "acme" }),
            (.keysPerRegion, "5", { $0.limits.keysPerScope == 5 }),
            (.residentKeys, "16", { $0.limits.residentKeys == 16 }),
        ]
        for (key, value, isRight) in values {
            #expect(isRight(try load(flags: [key: value])), "\(key) by flag")
            #expect(isRight(try load(environment: [key.environmentName: value])), "\(key) by \(key.environmentName)")
            #expect(isRight(try load("\(key.rawValue): \"\(value)\"")), "\(key) in a file")
            let nested = key.rawValue.split(separator: ".").enumerated()
                .map { String(repeating: "  ", count: $0) + $1 + ":" }.joined(separator: "\n")
            #expect(isRight(try load("\(nested) \"\(value)\"")), "\(key) in a file with folders")
        }
        let passphrase: [ConfigurationKey: String] = [.rootKeyProvider: "passphrase", .rootKeyPassphraseFile: "/p"]
        guard case .passphrase(file: "/p") = try load(flags: passphrase).rootKey else {
            Issue.record("no passphrase")
            return
        }
        let tls = try load(flags: [.tlsCertificate: "/c", .tlsKey: "/k", .tlsClientAuthorities: "/ca"]).tls
        #expect(tls?.certificate == "/c")
        #expect(tls?.key == "/k")
        #expect(tls?.clientAuthorities == "/ca")
    }

    @Test func `An empty variable hides nothing`() throws {
        #expect(try load("threads: 3", environment: ["CLAVIGER_THREADS": ""]).threads == 3)
    }

    @Test(arguments: ["CLAVIGER_LISTN", "CLAVIGER_", "CLAVIGER_ROOT_KEY", "CLAVIGER_listen"])
    func `An unknown variable is an error with its name`(name: String) {
        expectRefusal(name, environment: [name: "x"])
    }

    @Test(arguments: [
        "CLAVIGER_URL", "CLAVIGER_ACCESS_KEY", "CLAVIGER_STRICT", "CLAVIGER_SM4_KERNEL", "CLAVIGER_SDK_LIB",
        "CLAVIGERX", "PATH",
    ])
    func `Variables of others are left alone`(name: String) {
        #expect(throws: Never.self) { try load(environment: [name: "x"]) }
    }

    @Test(arguments: [
        ("listn: x", "listn"), ("log: {lvel: info}", "log.lvel"), ("tls: {}\nfoo: {}", "foo"), ("foo: {a: 1}", "foo"),
        ("listen: {host: x}", "listen"), ("listen: [a]", "listen"), ("foo: [a]", "foo"), ("foo:", "foo"),
        ("tls: x", "tls"),
        ("just text", "just text"), ("- a", "list"), ("tencent: {x: 1}", "tencent.x"), ("a: b: c", "cannot be read"),
        ("threads: 1\nthreads: 2", "cannot be read"),
    ])
    func `An unknown or misplaced setting is an error with its name`(yaml: String, part: String) {
        expectRefusal(part, yaml)
    }

    @Test(arguments: ["", "# nothing", "---", "listen:", "{}"])
    func `An empty file changes nothing`(yaml: String) throws {
        #expect(try load(yaml).port == 7700)
    }

    @Test func `A file that is missing is an error with its name`() {
        let error = #expect(throws: ConfigurationError.self) {
            try ConfigurationLoader(flags: [:], environment: [:]).load(file: "/nowhere/x.yaml")
        }
        #expect(error?.description.contains("/nowhere/x.yaml") == true)
    }

    @Test(arguments: [
        (ConfigurationKey.listen, "7700"), (.listen, "localhost"), (.listen, "localhost:x"), (.listen, ":80"),
        (.listen, "h:65536"), (.listen, "h:-1"), (.threads, "0"), (.threads, "257"), (.threads, "x"), (.threads, "1.5"),
        (.logLevel, "loud"), (.logLevel, "INFO"), (.logFormat, "xml"), (.insecureHTTP, "maybe"),
        (.rootKeyProvider, "hsm"),
        (.keysPerRegion, "0"), (.residentKeys, "15"),
    ])
    func `A bad value is an error with the setting's name`(key: ConfigurationKey, value: String) {
        expectRefusal(key.rawValue, flags: [key: value])
        expectRefusal(value, flags: [key: value])
    }

    @Test(arguments: [
        "0.0.0.0:7700", "[::]:7700", "192.0.2.1:80", "example.org:80", "127.evil.org:80", "localhost.org:80",
    ])
    func `Plain HTTP is served on loopback addresses only`(address: String) throws {
        expectRefusal("--insecure-http", flags: [.listen: address])
        #expect(try load(flags: [.listen: address, .insecureHTTP: "yes"]).allowsInsecureHTTP)
        #expect(try load(flags: [.listen: address, .tlsCertificate: "c", .tlsKey: "k"]).tls != nil)
    }

    @Test(arguments: ["127.0.0.1:0", "127.8.9.10:1", "localhost:1", "[::1]:1"])
    func `Loopback addresses need no TLS`(address: String) {
        #expect(throws: Never.self) { try load(flags: [.listen: address]) }
    }

    @Test(
        arguments: [
            [ConfigurationKey.tlsCertificate: "c"], [.tlsKey: "k"], [.tlsClientAuthorities: "a"],
            [.tlsCertificate: "c", .tlsClientAuthorities: "a"],
        ] as [[ConfigurationKey: String]])
    func `TLS needs certificate and key`(flags: [ConfigurationKey: String]) {
        expectRefusal("tls.", flags: flags)
    }

    @Test func `Realms are read from the file`() throws {
        let configuration = try load(
            """
            realms:
              - name: one
                tencent: [ap-one, one]
                alibaba: cn-one
              - name: two
                edition: standard
                huawei: [cn-two]
            """)
        #expect(
            configuration.realms == [
                Realm(
                    id: RealmID("one"), edition: .standard, tencent: ["ap-one", "one"], alibaba: ["cn-one"], huawei: []),
                Realm(id: RealmID("two"), edition: .standard, tencent: [], alibaba: [], huawei: ["cn-two"]),
            ])
    }

    @Test(arguments: [
        ("realms: []", "realms"), ("realms: x", "realms"), ("realms: [x]", "realms"), ("realms: [{}]", "name"),
        ("realms: [{name: ''}]", "name"), ("realms: [{name: a}, {name: a}]", "twice"),
        ("realms: [{name: a, tencent: x}, {name: b, tencent: x}]", "twice"),
        ("realms: [{name: a, edition: gold}]", "edition"),
        ("realms: [{name: a, region: x}]", "region"),
    ])
    func `A wrong realm is an error`(yaml: String, part: String) { expectRefusal(part, yaml) }

    @Test func `The region of Alibaba's dialect is the first of the realms, or the one that is named`() throws {
        #expect(try load("").alibaba.region == "cn-hangzhou")
        #expect(try load("alibaba: {region: cn-shenzhen-finance-1}").alibaba.region == "cn-shenzhen-finance-1")
        let realms = "realms: [{name: one, tencent: ap-one}, {name: two, alibaba: [cn-two, cn-three]}]"
        #expect(try load(realms).alibaba.region == "cn-two")
        #expect(try load("\(realms)\nalibaba: {region: cn-three}").alibaba.region == "cn-three")
        #expect(try load("realms: [{name: one}]").alibaba.region == "one")
    }

    @Test func `Another region of Alibaba's dialect is an error`() {
        expectRefusal("alibaba.region is one of: cn-hangzhou", "alibaba: {region: cn-nowhere}")
    }

    @Test func `Secrets have a limit`() throws {
        #expect(try load("limits: {secrets-per-region: 5}").secretLimits.secretsPerScope == 5)
        expectRefusal("limits.secrets-per-region", "limits: {secrets-per-region: 0}")
    }

    @Test func `Licences are read from the file`() throws {
        let configuration = try load(
            "tencent:\n  tsm-licenses:\n    - {version: '1', app-id: a, certificate: c}\n    - {}")
        #expect(configuration.tencent.licenses.map(\.version) == ["1", nil])
        #expect(configuration.tencent.licenses.map(\.appID) == ["a", nil])
        #expect(configuration.tencent.licenses.map(\.certificate) == ["c", nil])
        expectRefusal("app", "tencent: {tsm-licenses: [{app: x}]}")
    }
}
