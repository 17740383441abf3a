import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Takes rights to a key away that ``CreateGrant`` gave.
struct RevokeGrant: KeyManagementAction {
    typealias Response = EmptyResponse

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/revoke-grant")
    static let required: [StaticString] = ["key_id", "grant_id"]

    private let grant: String

    init(_ values: HuaweiValues) throws(KMSError) { grant = try values.grantID() }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        try await call.kms.revokeGrant(grant, on: key.key.id, as: call.caller)
        return Response()
    }
}
