import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Signs a message or a digest.
struct SignByAsymmetricKey: DataPlaneAction {
    static let parameters = SignatureRequest.parameters

    private let id: KeyID
    private let request: Deferred<SignatureRequest>

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        request = Deferred { () throws(KMSError) in try SignatureRequest(values) }
    }

    var keys: [KeyID] { [id] }

    func computesLong(with keys: [ResidentKey]) -> Bool { keys[0].key.spec.signsSlowly }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        Response(
            signature: try call.kms.sign(with: keys[0], as: call.caller) { () throws(KMSError) in
                try request.get()
            })
    }

    struct Response: TencentResponse {
        let signature: [UInt8]

        func encode(to json: inout JSONWriter) {
            json.name("Signature")
            signature.withUnsafeBytes { json.base64($0) }
        }
    }
}
