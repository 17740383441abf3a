import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a wrapping key and a token for importing material into an external key within a day. Earlier ones become invalid.
struct GetParametersForImport: ManagementAction {
    static let parameters: [Parameter] = [
        .required("KeyId", .string),
        .required("WrappingAlgorithm", .string),
        .required("WrappingKeySpec", .string),
    ]

    private let id: KeyID
    private let algorithm: WrappingAlgorithm

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        guard values.text("WrappingKeySpec") == "RSA_2048" else {
            throw KMSError(.invalidParameter, "WrappingKeySpec is RSA_2048")
        }
        let algorithm = values.text("WrappingAlgorithm").flatMap(WrappingAlgorithm.init(rawValue:))
        guard let algorithm, algorithm.keySpec == .rsa2048 else {
            throw KMSError(
                .invalidParameter,
                "WrappingAlgorithm is RSAES_PKCS1_V1_5, RSAES_OAEP_SHA_1 or RSAES_OAEP_SHA_256")
        }
        self.algorithm = algorithm
    }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> Response {
        let invitation = try await call.kms.prepareImport(
            into: id, by: algorithm, supersedesEarlier: true, gate: .only(.enabled, .disabled, .pendingImport),
            as: call.caller)
        return Response(id: id, invitation: invitation)
    }

    struct Response: TencentResponse {
        let id: KeyID
        let invitation: ImportInvitation

        func encode(to json: inout JSONWriter) {
            json.member("KeyId", id.description)
            json.member("ImportToken", Base64.string(invitation.token))
            json.member("PublicKey", Base64.string(invitation.publicKey))
            json.member("ParametersValidTo", invitation.expiry.seconds)
        }
    }
}
