package import ClavigerAPIAlibaba
package import ClavigerAPIHuawei
package import ClavigerAPITencent
package import ClavigerCore
package import ClavigerIdentity
package import Logging

/// What an operator decides about a server. Every value has a default; `claviger serve` needs none.
package struct ServerConfiguration: Sendable {
    package enum LogFormat: String, CaseIterable, Sendable {
        /// Text on a terminal, JSON elsewhere.
        case auto, text, json
    }

    package enum RootKeySource: Sendable {
        case file(path: String)
        case passphrase(file: String?)
    }

    package struct TLS: Sendable {
        package var certificate: String
        package var key: String

        /// Authorities whose clients may connect; without them no client certificate is asked for.
        package var clientAuthorities: String?
    }

    /// Folder of everything that the embedded default keeps.
    package var data: String
    package var host = "127.0.0.1"
    package var port = 7700
    package var tls: TLS?

    /// Whether plain HTTP may be served beyond the loopback addresses.
    package var allowsInsecureHTTP = false
    package var rootKey: RootKeySource
    package var auditDirectory: String

    /// Whether to go on, in a new segment that says so, after an audit log whose end does not verify.
    package var acceptsTamperedAudit = false
    package var logLevel = Logger.Level.info
    package var logFormat = LogFormat.auto

    /// Event loops.
    package var threads: Int

    /// Name of the account that the first start makes.
    package var accountName = "claviger"
    package var limits = KeyService.Limits()
    package var secretLimits = SecretService.Limits()
    package var rateLimits = RateLimitPreset.off

    /// Calls per second by the actions' names, whatever the preset says; 0 for no limit.
    package var actionLimits: [String: Int] = [:]
    package var passwordRules = PasswordGate.Rules()
    package var realms = Realm.builtIn
    package var tencent = TencentConfiguration()
    package var alibaba = AlibabaConfiguration(of: Realm.builtIn)
    package var huawei = HuaweiConfiguration()
}
