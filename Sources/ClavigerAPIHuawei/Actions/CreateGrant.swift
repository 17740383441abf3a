import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a user of the account, or all of them, rights to a key.
struct CreateGrant: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/create-grant")
    static let required: [StaticString] = ["key_id", "grantee_principal", "operations"]
    static let sparesDefaultKeys = true

    private enum GranteeType { case user, domain }

    private let grantee: String
    private let granteeType: GranteeType
    private let operations: [GrantOperation]
    private let name: String
    private let retiringPrincipal: String?

    init(_ values: HuaweiValues) throws(KMSError) {
        grantee = try values.principal("grantee_principal") ?? ""
        granteeType =
            try values.choice("grantee_principal_type", [("user", GranteeType.user), ("domain", .domain)]) ?? .user
        operations = try values.grantOperations()
        name = try values.grantName() ?? ""
        retiringPrincipal = try values.principal("retiring_principal")
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        // Who may not give rights away learns nothing of who there is.
        try call.kms.admit(.createGrant, on: key, as: call.caller)
        if let retiringPrincipal { try await requireUser(retiringPrincipal, "retiring_principal", call) }
        let grant = NewGrant(
            grantee: try await grantee(in: call), operations: operations, name: name,
            retiringIdentity: retiringPrincipal)
        return Response(grant: try await call.kms.createGrant(grant, on: key, as: call.caller))
    }

    private func grantee(in call: HuaweiCall) async throws(KMSError) -> KeyGrant.Grantee {
        switch granteeType {
        case .user:
            try await requireUser(grantee, "grantee_principal", call)
            return .identity(grantee)
        case .domain:
            guard grantee == call.account.domainID else {
                throw KMSError(HuaweiCode.invalidParameter, "grantee_principal is the id of the key's own domain")
            }
            return .account
        }
    }

    private func requireUser(_ id: String, _ name: StaticString, _ call: HuaweiCall) async throws(KMSError) {
        guard try await call.isIdentity(id) else {
            throw KMSError(HuaweiCode.invalidParameter, "\(name) is the id of a user of the key's own domain")
        }
    }

    struct Response: HuaweiResponse {
        let grant: String

        func encode(to json: inout JSONWriter) { json.member("grant_id", grant) }
    }
}
