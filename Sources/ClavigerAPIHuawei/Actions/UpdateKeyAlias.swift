import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key another alias (contract, section 7.15).
struct UpdateKeyAlias: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/update-key-alias")
    static let required: [StaticString] = ["key_id", "key_alias"]
    static let sparesDefaultKeys = true
    static let stateCode: HuaweiCode? = .keyPendingDeletion

    private let alias: KeyAlias

    init(_ values: HuaweiValues) throws(KMSError) { alias = try values.alias() }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        try await call.kms.updateAlias(of: key.key.id, to: alias, as: call.caller)
        return Response(id: key.key.id, alias: alias)
    }

    struct Response: HuaweiResponse {
        let id: KeyID
        let alias: KeyAlias

        func encode(to json: inout JSONWriter) {
            json.name("key_info")
            json.object { json in
                json.member("key_id", id.description)
                json.member("key_alias", alias.name)
            }
        }
    }
}
