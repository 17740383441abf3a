import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Tells all that is known of a key (contract, section 7.7).
struct DescribeKey: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/describe-key")
    static let required: [StaticString] = ["key_id"]

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        try call.kms.admit(.describe, on: key, as: call.caller)
        return Response(
            details: KeyDetails(
                key: call.kms.currentKey(key), domainID: call.account.domainID, realm: call.caller.realm))
    }

    struct Response: HuaweiResponse {
        let details: KeyDetails

        func encode(to json: inout JSONWriter) {
            json.name("key_info")
            json.object { details.encode(to: &$0) }
        }
    }
}
