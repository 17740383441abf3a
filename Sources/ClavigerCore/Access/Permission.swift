/// One thing that a policy can allow: an operation of a dialect, by the name that most of them share.
///
/// What the vendors call by the same name and mean alike is one permission, so that a right holds whichever dialect a request comes in. Each
/// policy language spells them its own way.
package enum Permission: UInt8, CaseIterable, Sendable {
    // Keys
    case createKey
    case createProductKey
    case listKeys
    case listKeyDetail
    case describeKey
    case describeKeys
    case enableKey
    case enableKeys
    case disableKey
    case disableKeys
    case updateAlias
    case updateKeyDescription
    case scheduleKeyDeletion
    case cancelKeyDeletion
    case archiveKey
    case cancelKeyArchive

    // Rotation and versions
    case enableKeyRotation
    case disableKeyRotation
    case getKeyRotationStatus
    case rotateKey
    case updateRotationPolicy
    case createKeyVersion
    case describeKeyVersion
    case listKeyVersions

    // Imported material
    case getParametersForImport
    case importKeyMaterial
    case deleteImportedKeyMaterial

    // Cloud resources
    case bindCloudResource
    case unbindCloudResource

    // Aliases and tags
    case createAlias
    case deleteAlias
    case listAliases
    case listAliasesByKeyId
    case tagResource
    case untagResource
    case listResourceTags
    case listTags
    case listResourceInstances
    case batchTags

    // Symmetric data plane
    case encrypt
    case decrypt
    case reEncryptFrom
    case reEncryptTo
    case generateDataKey
    case generateDataKeyWithoutPlaintext
    case encryptDataKey
    case decryptDataKey
    case exportDataKey
    case generateAndExportDataKey
    case generateRandom

    // Asymmetric data plane
    case getPublicKey
    case asymmetricRsaEncrypt
    case asymmetricRsaDecrypt
    case asymmetricSm2Encrypt
    case asymmetricSm2Decrypt
    case signByAsymmetricKey
    case verifyByAsymmetricKey
    case generateAsymmetricKeyValuePair

    // Grants
    case createGrant
    case listGrants
    case listRetirableGrants
    case retireGrant
    case revokeGrant

    // Secrets
    case createSecret
    case describeSecret
    case listSecrets
    case getSecretValue
    case putSecretValue
    case updateSecret
    case updateSecretVersionStage
    case listSecretVersionIds
    case deleteSecret
    case restoreSecret
    case getRandomPassword

    // Service
    case getRegions
    case getServiceStatus
    case listAlgorithms
    case describeTSMLicenses
    case getInstances
    case getQuotas
    case openKmsService

    // Administration of an account
    case listUsers
    case getUser
    case createUser
    case updateUser
    case deleteUser
    case setPassword
    case listAccessKeys
    case createAccessKey
    case updateAccessKey
    case deleteAccessKey
    case createTemporaryCredentials
    case listGroups
    case getGroup
    case createGroup
    case updateGroup
    case deleteGroup
    case changeGroupMembers
    case listPolicies
    case getPolicy
    case createPolicy
    case updatePolicy
    case deletePolicy
    case attachPolicy
    case testPolicy
    // Who changes the policy of a key gives himself all rights to it, so that these are no rights to keys.
    case getKeyPolicy
    case putKeyPolicy
    case listProjects
    case createProject
    case deleteProject
    case getAccount
    case searchAudit

    // Administration of the server, for those whom the operator's account lets
    case listAccounts
    case createAccount
    case updateAccount
    case getServerStatus
    case sealServer
}

extension Permission {
    /// Which service's names it belongs to.
    package enum Service: String, CaseIterable, Sendable {
        case kms
        /// Our own administration.
        case claviger
    }

    package var service: Service { rawValue < Permission.listUsers.rawValue ? .kms : .claviger }

    /// The word after the service, such as `Encrypt`.
    package var word: String { Self.words[Int(rawValue)] }

    /// The name in audit events and messages, such as `kms:Encrypt`.
    package var name: String { "\(service.rawValue):\(word)" }

    // Cases are numbered from 0 without a gap, in the order of `allCases`.
    private static let words = allCases.map { permission in
        let name = String(describing: permission)
        return name.prefix(1).uppercased() + name.dropFirst()
    }
}

/// A set of permissions: one bit each.
package struct PermissionSet: Hashable, Sendable {
    // 128 bits were not enough for long.
    private var low: UInt128 = 0
    private var high: UInt128 = 0

    package static let all = PermissionSet(Permission.allCases)

    package init(_ permissions: some Sequence<Permission>) {
        for permission in permissions { insert(permission) }
    }

    package var isEmpty: Bool { low == 0 && high == 0 }

    package func contains(_ permission: Permission) -> Bool {
        let bit = permission.rawValue
        return bit < 128 ? low >> bit & 1 == 1 : high >> (bit - 128) & 1 == 1
    }

    package mutating func insert(_ permission: Permission) {
        let bit = permission.rawValue
        if bit < 128 { low |= 1 << bit } else { high |= 1 << (bit - 128) }
    }

    package func union(_ other: PermissionSet) -> PermissionSet {
        var union = self
        union.low |= other.low
        union.high |= other.high
        return union
    }

    package func subtracting(_ other: PermissionSet) -> PermissionSet {
        var rest = self
        rest.low &= ~other.low
        rest.high &= ~other.high
        return rest
    }
}
