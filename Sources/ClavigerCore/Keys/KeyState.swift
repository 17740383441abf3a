/// Where a key is in its life.
package enum KeyState: String, CaseIterable, Sendable {
    case enabled
    case disabled
    /// Decrypts, does not encrypt.
    case archived
    case pendingDeletion
    /// Waits for material from outside.
    case pendingImport
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
    case updateDescription

    /// The states in which the operation is allowed: the one table that every dialect obeys. Dialects may add gates of their own.
    package var allowedStates: Set<KeyState> {
        switch self {
        case .encrypt, .generateDataKey: [.enabled]
        case .decrypt: [.enabled, .archived]
        case .describe: Set(KeyState.allCases)
        case .enable, .disable: [.enabled, .disabled]
        case .scheduleDeletion: [.enabled, .disabled, .archived, .pendingImport]
        case .cancelDeletion: [.pendingDeletion]
        case .updateAlias, .updateDescription: [.enabled, .disabled, .archived, .pendingImport]
        }
    }

    /// Whether the operation uses key material, so that a disabled key is refused as disabled.
    package var usesMaterial: Bool {
        switch self {
        case .encrypt, .decrypt, .generateDataKey: true
        case .describe, .enable, .disable, .scheduleDeletion, .cancelDeletion, .updateAlias, .updateDescription: false
        }
    }
}
