import ClavigerCore

/// What a caller must bring.
enum AdminNeed: Sendable {
    /// Nothing; whoever reaches the server is answered.
    case nothing
    /// Proof of who calls.
    case proof
    /// Proof, and this right.
    case permission(Permission)
    /// Proof, and this right unless the call is about the caller's own identity.
    case permissionForOthers(Permission)

    /// The right that the core is asked with.
    var permission: Permission? {
        switch self {
        case .nothing, .proof: nil
        case .permission(let permission), .permissionForOthers(let permission): permission
        }
    }

    var requiresProof: Bool {
        switch self {
        case .nothing: false
        case .proof, .permission, .permissionForOthers: true
        }
    }

    /// A sentence for the OpenAPI document.
    var description: String {
        switch self {
        case .nothing: "Needs no authentication."
        case .proof: "Needs no permission."
        case .permission(let permission): "Needs the permission `\(permission.name)`."
        case .permissionForOthers(let permission):
            "Needs the permission `\(permission.name)`, except for oneself."
        }
    }
}
