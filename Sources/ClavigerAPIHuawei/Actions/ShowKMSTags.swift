import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Tells the tags of a key (contract, section 7.23).
struct ShowKMSTags: KeyDataPlaneAction {
    static let route = HuaweiRoute.get("/v1.0/{project_id}/kms/{key_id}/tags")
    static let name = "show-kms-tags"
    static let keySource = HuaweiKeySource.path

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        try call.kms.admit(.describe, on: key, as: call.caller)
        return Response(tags: key.key.tags)
    }

    struct Response: HuaweiResponse {
        let tags: [KeyTag]

        func encode(to json: inout JSONWriter) {
            json.name("tags")
            json.array(tags) { $1.encode(to: &$0) }
            json.member("existTagsNum", tags.count)
        }
    }
}
