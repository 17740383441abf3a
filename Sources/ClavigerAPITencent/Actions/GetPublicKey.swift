import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Shows the public key of an asymmetric key.
struct GetPublicKey: DataPlaneAction {
    static let parameters: [Parameter] = [.required("KeyId", .string)]

    private let id: KeyID

    init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID() }

    var keys: [KeyID] { [id] }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        Response(id: id, publicKey: try call.kms.publicKey(of: keys[0], as: call.caller))
    }

    struct Response: TencentResponse {
        let id: KeyID
        let publicKey: PublicKey

        func encode(to json: inout JSONWriter) {
            json.member("KeyId", id.description)
            json.member("PublicKey", Base64.string(publicKey.spki))
            json.name("PublicKeyPem")
            json.string(publicKey.pem[...])
        }
    }
}
