import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Tells how many keys the project has, in any state, without default master keys (contract, section 7.13).
struct ShowUserInstances: ManagementAction {
    static let route = HuaweiRoute.get("/v1.0/{project_id}/kms/user-instances")

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(in call: HuaweiCall) async throws(KMSError) -> Response {
        Response(count: try await call.countKeys())
    }

    struct Response: HuaweiResponse {
        let count: Int

        func encode(to json: inout JSONWriter) { json.member("instance_num", count) }
    }
}

extension HuaweiCall {
    /// The number of the keys that users have made.
    func countKeys() async throws(KMSError) -> Int {
        try await kms.list(KeyQuery(scope: caller.scope), offset: 0, limit: 0, as: caller).total
    }
}
