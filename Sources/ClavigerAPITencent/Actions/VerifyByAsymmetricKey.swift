import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Says whether a signature is one of a message, or a digest, by a key.
struct VerifyByAsymmetricKey: DataPlaneAction {
    static let parameters: [Parameter] = SignatureRequest.parameters + [.required("SignatureValue", .string)]

    private static let longestSignature = 1024

    private let id: KeyID
    private let request: Deferred<(signature: [UInt8], of: SignatureRequest)>

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        request = Deferred { () throws(KMSError) in
            let request = try SignatureRequest(values)
            return (try values.base64("SignatureValue", 1...Self.longestSignature), of: request)
        }
    }

    var keys: [KeyID] { [id] }

    func computesLong(with keys: [ResidentKey]) -> Bool { keys[0].key.spec.verifiesSlowly }

    func perform(with keys: [ResidentKey], in call: Call) throws(KMSError) -> Response {
        let isValid = try call.kms.verify(with: keys[0], as: call.caller) { () throws(KMSError) in
            try request.get()
        }
        return Response(isValid: isValid)
    }

    struct Response: TencentResponse {
        let isValid: Bool

        func encode(to json: inout JSONWriter) { json.member("SignatureValid", isValid) }
    }
}
