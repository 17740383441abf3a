import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives rights to a key up, for those whom the grant itself lets: who got them, or another whom it names.
struct RetireGrant: KeyManagementAction {
    typealias Response = EmptyResponse

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/retire-grant")
    static let required: [StaticString] = ["key_id", "grant_id"]

    private let grant: String

    init(_ values: HuaweiValues) throws(KMSError) { grant = try values.grantID() }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        try await call.kms.retireGrant(grant, on: key, as: call.caller)
        return Response()
    }
}
