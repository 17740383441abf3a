import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a wrapping key and a token for importing material into a key within a day. Earlier ones stay valid.
struct GetParametersForImport: ManagementAction, KeyNaming {
    static let required: [StaticString] = ["KeyId", "WrappingKeySpec", "WrappingAlgorithm"]

    let key: AlibabaKeyName
    private let algorithm: WrappingAlgorithm

    init(_ values: AlibabaValues) throws(KMSError) {
        let spec = try values.choice("WrappingKeySpec", [KeySpec.rsa2048, .sm2].map { ($0.alibaba, $0) })
        let algorithm = try values.choice("WrappingAlgorithm", WrappingAlgorithm.allCases.map { ($0.rawValue, $0) })
        guard let spec, let algorithm, algorithm.keySpec == spec else {
            throw KMSError(.invalidParameter, "the WrappingAlgorithm is not one of the WrappingKeySpec")
        }
        self.algorithm = algorithm
        key = try values.keyNameWithoutAlias()
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let id = try call.id(key)
        let invitation = try await call.kms.prepareImport(
            into: id, by: algorithm, supersedesEarlier: false, as: call.caller)
        return Response(id: id, invitation: invitation, token: try call.kms.importToken(of: invitation, into: id))
    }

    struct Response: AlibabaResponse {
        let id: KeyID
        let invitation: ImportInvitation
        let token: [UInt8]

        func encode(to json: inout JSONWriter) {
            json.member("KeyId", id.description)
            json.member("ImportToken", Base64.string(token))
            json.member("PublicKey", Base64.string(invitation.publicKey))
            json.member("TokenExpireTime", invitation.expiry.alibaba)
        }
    }
}
