/// A right to one key that was given to somebody beside all policies, as Huawei's dialect has it.
package struct KeyGrant: Hashable, Identifiable, Sendable {
    /// As many a key can have.
    package static let mostPerKey = 100

    /// Who gets the right.
    package enum Grantee: Hashable, Sendable {
        /// The identity of the key's account with this id.
        case identity(String)
        /// Every identity of the key's account.
        case account
    }

    /// 64 lower-case hexadecimal digits, never reused.
    package let id: String
    package let key: KeyID
    package let grantee: Grantee

    /// What the grantee may do, at least one; in the order in which they were given.
    package let operations: [GrantOperation]

    /// What somebody calls it; empty if nothing was said.
    package let name: String

    /// The id of the identity that may give the grant up, beside the grantee if an operation says so, and those whom policies let.
    package let retiringIdentity: String?

    /// The id of the identity that gave it.
    package let issuer: String
    package let createdAt: Timestamp

    package init(
        id: String, key: KeyID, grantee: Grantee, operations: [GrantOperation], name: String,
        retiringIdentity: String?, issuer: String, createdAt: Timestamp
    ) {
        self.id = id
        self.key = key
        self.grantee = grantee
        self.operations = operations
        self.name = name
        self.retiringIdentity = retiringIdentity
        self.issuer = issuer
        self.createdAt = createdAt
    }
}

/// What a grant can allow. The raw value is the store's and Huawei's name for it.
package enum GrantOperation: String, CaseIterable, Sendable {
    case describeKey = "describe-key"
    case createDataKey = "create-datakey"
    case createDataKeyWithoutPlaintext = "create-datakey-without-plaintext"
    case encryptDataKey = "encrypt-datakey"
    case decryptDataKey = "decrypt-datakey"
    case encryptData = "encrypt-data"
    case decryptData = "decrypt-data"
    case sign
    case verify
    case getPublicKey = "get-publickey"
    case createGrant = "create-grant"
    /// Giving up this very grant.
    case retireGrant = "retire-grant"

    /// The permission that the operation needs.
    package var permission: Permission {
        switch self {
        case .describeKey: .describeKey
        case .createDataKey: .generateDataKey
        case .createDataKeyWithoutPlaintext: .generateDataKeyWithoutPlaintext
        case .encryptDataKey: .encryptDataKey
        case .decryptDataKey: .decryptDataKey
        case .encryptData: .encrypt
        case .decryptData: .decrypt
        case .sign: .signByAsymmetricKey
        case .verify: .verifyByAsymmetricKey
        case .getPublicKey: .getPublicKey
        case .createGrant: .createGrant
        case .retireGrant: .retireGrant
        }
    }
}
