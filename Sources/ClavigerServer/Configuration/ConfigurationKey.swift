/// The scalar settings: one name for the YAML file (`root-key.provider`), the environment (`CLAVIGER_ROOT_KEY_PROVIDER`) and the flags
/// (`--root-key-provider`). A name that is not here is an error.
package enum ConfigurationKey: String, CaseIterable, Sendable {
    case data
    case listen
    case tlsCertificate = "tls.cert"
    case tlsKey = "tls.key"
    case tlsClientAuthorities = "tls.client-ca"
    case insecureHTTP = "insecure-http"
    case rootKeyProvider = "root-key.provider"
    case rootKeyFile = "root-key.file"
    case rootKeyPassphraseFile = "root-key.passphrase-file"
    case auditDirectory = "audit.directory"
    case auditAcceptTampered = "audit.accept-tampered"
    case logLevel = "log.level"
    case logFormat = "log.format"
    case threads
    case accountName = "account-name"
    case limits
    case keysPerRegion = "limits.keys-per-region"
    case residentKeys = "limits.resident-keys"
    case alibabaRegion = "alibaba.region"
    case secretsPerRegion = "limits.secrets-per-region"
    case huaweiKeyQuota = "huawei.key-quota"
    case passwordAttempts = "passwords.attempts"
    case passwordLockSeconds = "passwords.lock-seconds"

    /// The name of the environment variable.
    package var environmentName: String {
        "CLAVIGER_" + rawValue.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }

    /// Whether settings stand below `name` in the file, such as `tls`.
    static func isFolder(_ name: String) -> Bool {
        name == "tencent" || allCases.contains { $0.rawValue.hasPrefix(name + ".") }
    }
}
