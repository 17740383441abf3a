import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Signs a message or a digest.
struct Sign: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/sign")
    static let required: [StaticString] = ["key_id"] + SignatureRequest.huaweiMembers

    private let request: SignatureRequest

    init(_ values: HuaweiValues) throws(KMSError) { request = try SignatureRequest(values) }

    func computesLong(with key: ResidentKey) -> Bool { key.key.spec.signsSlowly }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        Response(id: key.key.id, signature: try call.kms.sign(with: key, as: call.caller) { request })
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let signature: [UInt8]

        func encode(to json: inout JSONWriter) {
            json.member("key_id", id.description)
            json.name("signature")
            signature.withUnsafeBytes { json.base64($0) }
        }
    }
}
