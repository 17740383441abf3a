import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Tells how much of what is limited is used (contract, section 7.14).
struct ShowUserQuotas: ManagementAction {
    static let route = HuaweiRoute.get("/v1.0/{project_id}/kms/user-quotas")

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(in call: HuaweiCall) async throws(KMSError) -> Response {
        Response(quotas: [
            Quota(type: "CMK", used: try await call.countKeys(), most: call.configuration.keyQuota),
            // How many grants a key has differs from key to key; list-grants tells it.
            Quota(type: "grant_per_CMK", used: 0, most: KeyGrant.mostPerKey),
        ])
    }

    struct Quota: Sendable {
        let type: String
        let used: Int
        let most: Int
    }

    struct Response: HuaweiResponse {
        let quotas: [Quota]

        func encode(to json: inout JSONWriter) {
            json.name("quotas")
            json.object { json in
                json.name("resources")
                json.array(quotas) { json, quota in
                    json.object { json in
                        json.member("type", quota.type)
                        json.member("used", quota.used)
                        json.member("quota", quota.most)
                    }
                }
            }
        }
    }
}
