/// Where a key is in its life.
package enum KeyState: String, CaseIterable, Sendable {
    case enabled
    case disabled
    /// Decrypts, does not encrypt.
    case archived
    case pendingDeletion
    /// Waits for material from outside.
    case pendingImport

    /// The state for people.
    package var words: String {
        switch self {
        case .enabled: "enabled"
        case .disabled: "disabled"
        case .archived: "archived"
        case .pendingDeletion: "waiting for its deletion"
        case .pendingImport: "waiting for its material"
        }
    }
}

/// What can be done with a key. The raw value is the name in permissions and audit events.
package enum KeyOperation: String, CaseIterable, Sendable {
    case encrypt
    case decrypt
    case generateDataKey
    case describe
    case enable
    case disable
    case scheduleDeletion
    case cancelDeletion
    case updateAlias
    case addAlias
    case removeAlias
    case updateDescription
    case putPolicy
    case tag
    case untag
    case createGrant
    case removeGrant
    case archive
    case cancelArchive

    case enableRotation
    case disableRotation
    case describeRotation
    case rotate
    case createVersion
    case describeVersions

    case prepareImport
    case importMaterial
    case deleteImportedMaterial

    case bindResource
    case unbindResource

    case generateKeyPair
    case getPublicKey
    case asymmetricEncrypt
    case asymmetricDecrypt
    case sign
    case verify

    /// The states in which the operation is allowed: the one table that every dialect obeys. Dialects may add gates of their own.
    package var allowedStates: Set<KeyState> {
        switch self {
        case .encrypt, .generateDataKey, .generateKeyPair: [.enabled]
        case .decrypt: [.enabled, .archived]
        case .getPublicKey, .asymmetricEncrypt, .asymmetricDecrypt, .sign, .verify: [.enabled]
        case .describe, .describeRotation, .describeVersions, .unbindResource, .tag, .untag, .removeGrant, .removeAlias:
            Set(KeyState.allCases)
        case .createGrant: [.enabled]
        case .enable, .disable: [.enabled, .disabled]
        case .archive: [.enabled, .disabled]
        case .cancelArchive: [.archived]
        case .enableRotation: [.enabled, .disabled]
        case .disableRotation: [.enabled, .disabled, .archived]
        case .rotate, .createVersion: [.enabled]
        case .prepareImport: [.enabled, .disabled, .pendingImport, .pendingDeletion]
        case .importMaterial: [.enabled, .disabled, .pendingImport]
        case .deleteImportedMaterial: [.enabled, .disabled, .pendingImport, .pendingDeletion]
        case .bindResource: [.enabled, .disabled]
        case .scheduleDeletion: [.enabled, .disabled, .archived, .pendingImport]
        case .cancelDeletion: [.pendingDeletion]
        case .updateAlias, .addAlias, .updateDescription, .putPolicy: [.enabled, .disabled, .archived, .pendingImport]
        }
    }

    /// Whether a disabled key is refused as disabled, and not just for being in a wrong state.
    package var namesDisabledKeys: Bool {
        switch self {
        case .encrypt, .decrypt, .generateDataKey, .generateKeyPair, .asymmetricEncrypt, .createGrant: true
        case .getPublicKey, .asymmetricDecrypt, .sign, .verify: false
        case .describe, .enable, .disable, .scheduleDeletion, .cancelDeletion, .updateAlias, .addAlias, .removeAlias,
            .updateDescription, .putPolicy, .tag, .untag, .removeGrant, .archive, .cancelArchive, .enableRotation,
            .disableRotation, .describeRotation, .rotate, .createVersion, .describeVersions, .prepareImport,
            .importMaterial, .deleteImportedMaterial, .bindResource,
            .unbindResource:
            false
        }
    }

    /// What a key must be for, so that the operation can be done with it.
    package enum Demand: Sendable {
        case anyKey
        case symmetric
        case asymmetric
        case asymmetricEncryption
        case signing
        case external
        case automaticRotation
        case rotation
        /// Material made here.
        case generated
    }

    package var demand: Demand {
        switch self {
        case .encrypt, .decrypt, .generateDataKey, .generateKeyPair: .symmetric
        case .getPublicKey: .asymmetric
        case .asymmetricEncrypt, .asymmetricDecrypt: .asymmetricEncryption
        case .sign, .verify: .signing
        case .prepareImport, .importMaterial, .deleteImportedMaterial: .external
        case .enableRotation: .automaticRotation
        case .rotate: .rotation
        case .createVersion: .generated
        case .describe, .enable, .disable, .scheduleDeletion, .cancelDeletion, .updateAlias, .addAlias, .removeAlias,
            .updateDescription, .describeVersions, .putPolicy, .tag, .untag, .createGrant, .removeGrant, .archive,
            .cancelArchive, .disableRotation,
            .describeRotation, .bindResource, .unbindResource:
            .anyKey
        }
    }
}
