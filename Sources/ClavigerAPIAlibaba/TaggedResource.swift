import ClavigerCore

/// What a call gives tags to or takes them from: a key or a secret.
enum TaggedResource: Sendable {
    case key(AlibabaKeyName)
    case secret(AlibabaSecretName)

    /// The states of a key whose tags can be changed.
    static let gate = StateGate.only(.enabled, .disabled, .archived, .pendingImport)

    /// - Throws: `.missingParameter` if the call names none, `.invalidParameter` if it names several, Unsupported.Alias.
    init(_ values: AlibabaValues) throws(KMSError) {
        let hasKey = values.given("KeyId") != nil
        let hasSecret = values.given("SecretName") != nil
        guard values.given("CertificateId") == nil else {
            throw KMSError(.invalidParameter, "there are no certificates here; name a KeyId or a SecretName")
        }
        guard hasKey || hasSecret else {
            throw KMSError(.missingParameter, "one of the parameters KeyId and SecretName is missing")
        }
        guard hasKey != hasSecret else {
            throw KMSError(.invalidParameter, "a call names either a KeyId or a SecretName")
        }
        self = hasKey ? .key(try values.keyNameWithoutAlias()) : .secret(try values.secretName())
    }
}

extension TaggedResource {
    /// What an audit event says of it.
    var resource: String? {
        switch self {
        case .key(let key): key.resource
        case .secret(let name): name.resource
        }
    }
}
