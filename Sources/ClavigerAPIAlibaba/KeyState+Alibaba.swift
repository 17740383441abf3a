import ClavigerCore

extension KeyState {
    /// The KeyState that clients know. An archived key, which only Tencent's dialect can make, counts as disabled: it encrypts nothing.
    var alibaba: String {
        switch self {
        case .enabled: "Enabled"
        case .disabled, .archived: "Disabled"
        case .pendingDeletion: "PendingDeletion"
        case .pendingImport: "PendingImport"
        }
    }
}
