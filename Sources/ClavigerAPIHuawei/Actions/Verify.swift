import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Says whether a signature is one of a message, or a digest, by a key.
struct Verify: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/verify")
    static let required: [StaticString] = ["key_id", "signature"] + SignatureRequest.huaweiMembers

    private static let signatureSizes = 1...1024

    private let request: SignatureRequest
    private let signature: [UInt8]

    init(_ values: HuaweiValues) throws(KMSError) {
        request = try SignatureRequest(values)
        signature = try values.base64("signature", Self.signatureSizes)
    }

    func computesLong(with key: ResidentKey) -> Bool { key.key.spec.verifiesSlowly }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        Response(
            id: key.key.id, isValid: try call.kms.verify(with: key, as: call.caller) { (signature, of: request) })
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let isValid: Bool

        func encode(to json: inout JSONWriter) {
            json.member("key_id", id.description)
            json.member("signature_valid", isValid ? "true" : "false")
        }
    }
}
