import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key another description, which may be empty (contract, section 7.16).
struct UpdateKeyDescription: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/update-key-description")
    static let required: [StaticString] = ["key_id", "key_description"]
    static let sparesDefaultKeys = true
    static let stateCode: HuaweiCode? = .keyPendingDeletion

    private let description: String

    init(_ values: HuaweiValues) throws(KMSError) { description = try values.description() ?? "" }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        try await call.kms.updateDescription(of: key.key.id, to: description, as: call.caller)
        return Response(id: key.key.id, description: description)
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let description: String

        func encode(to json: inout JSONWriter) {
            json.name("key_info")
            json.object { json in
                json.member("key_id", id.description)
                json.member("key_description", description)
            }
        }
    }
}
