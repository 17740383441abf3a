import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists the names of all tags in the project, each with its distinct values (contract, section 7.24).
struct ListKMSTags: ManagementAction {
    static let route = HuaweiRoute.get("/v1.0/{project_id}/kms/tags")
    static let name = "list-kms-tags"

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(in call: HuaweiCall) async throws(KMSError) -> Response {
        Response(tags: try await call.kms.tags(as: call.caller))
    }

    struct Response: HuaweiResponse {
        let tags: [(key: String, values: [String])]

        func encode(to json: inout JSONWriter) {
            json.name("tags")
            json.array(tags) { json, tag in
                json.object { json in
                    json.member("key", tag.key)
                    json.name("values")
                    json.array(tag.values) { $0.string($1) }
                }
            }
        }
    }
}
