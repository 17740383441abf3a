import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Shows the public key of an asymmetric key: `SubjectPublicKeyInfo` in PEM.
struct GetPublicKey: KeyDataPlaneAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/get-publickey")
    static let required: [StaticString] = ["key_id"]

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> Response {
        Response(id: key.key.id, publicKey: try call.kms.publicKey(of: key, as: call.caller))
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let publicKey: PublicKey

        func encode(to json: inout JSONWriter) {
            json.member("key_id", id.description)
            json.name("public_key")
            json.string(publicKey.pem[...])
        }
    }
}
