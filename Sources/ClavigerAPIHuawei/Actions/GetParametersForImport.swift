import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a wrapping key and a token for importing material into a key that waits for it, within a day (contract, section 7.19). Earlier ones
/// stay valid.
struct GetParametersForImport: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/get-parameters-for-import")
    static let required: [StaticString] = ["key_id", "wrapping_algorithm"]
    static let sparesDefaultKeys = true
    static let stateCode: HuaweiCode? = .notPendingImport

    private let algorithm: WrappingAlgorithm

    init(_ values: HuaweiValues) throws(KMSError) {
        let choices = [WrappingAlgorithm.rsaPKCS1, .rsaOAEPSHA1, .rsaOAEPSHA256].map { ($0.rawValue, $0) }
        guard let algorithm = try values.choice("wrapping_algorithm", choices) else {
            throw KMSError(.missingParameter, "the member wrapping_algorithm is missing")
        }
        self.algorithm = algorithm
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        let id = key.key.id
        let invitation = try await call.kms.prepareImport(
            into: id, by: algorithm, supersedesEarlier: false, gate: .only(.pendingImport), as: call.caller)
        return Response(id: id, invitation: invitation, token: try call.kms.importToken(of: invitation, into: id))
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let invitation: ImportInvitation
        let token: [UInt8]

        func encode(to json: inout JSONWriter) {
            json.member("key_id", id.description)
            json.member("import_token", Base64.string(token))
            // Of all numbers in answers about keys only this one is no string.
            json.member("expiration_time", invitation.expiry.seconds)
            json.member("public_key", Base64.string(invitation.publicKey))
        }
    }
}
