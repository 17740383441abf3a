import ClavigerCore
import ClavigerIdentity

/// What an action may use.
struct AdminCall: Sendable {
    /// Whoever proved who they are, and by what.
    struct Authenticated: Sendable {
        let principal: Principal
        let access: Access

        /// When the proof expires; `nil` for access keys.
        let expiry: Timestamp?

        /// The session, if it is one that proved it.
        let session: Session?
    }

    let services: AdminServices
    private let permission: Permission?
    private let whoever: Authenticated?

    /// - Parameters:
    ///   - permission: the right that the row of the table names.
    ///   - caller: who calls, for rows that require proof.
    init(_ services: AdminServices, permission: Permission?, by caller: Authenticated?) {
        self.services = services
        self.permission = permission
        whoever = caller
    }

    var kms: KeyService { services.kms }
    var identities: IdentityService { services.identities }

    /// - Throws: `.missingCredentials` in rows that require no proof.
    func authenticated() throws(KMSError) -> Authenticated {
        guard let whoever else { throw KMSError(.missingCredentials, "the header Authorization is missing") }
        return whoever
    }

    func principal() throws(KMSError) -> Principal { try authenticated().principal }

    /// The caller with the row's permission.
    ///
    /// - Parameter region: any name of a realm; what belongs to no realm is asked for in the first.
    /// - Throws: `.unknownRealm`; `.accessDenied` in rows without a permission.
    func caller(in region: String? = nil) throws(KMSError) -> Caller {
        let authenticated = try authenticated()
        guard let permission else { throw KMSError(.accessDenied, "nobody has a permission for this") }
        return Caller(
            principal: authenticated.principal, realm: try realm(region), permission: permission,
            access: authenticated.access)
    }

    /// The realm of this name, else the first.
    func realm(_ name: String?) throws(KMSError) -> Realm {
        if let name { return try identities.realm(named: name) }
        guard let first = kms.realms.first else { throw KMSError(.unknownRealm, "this server has no regions") }
        return first
    }
}
