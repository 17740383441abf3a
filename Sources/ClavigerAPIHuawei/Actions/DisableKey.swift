import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Disables an enabled key (contract, section 7.3).
struct DisableKey: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/disable-key")
    static let required: [StaticString] = ["key_id"]
    static let sparesDefaultKeys = true
    static let stateCode: HuaweiCode? = .keyNotEnabled

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        try await call.kms.disable([key.key.id], gate: .only(.enabled), as: call.caller)
        return Response(change: KeyStateChange(id: key.key.id, state: .disabled))
    }

    struct Response: HuaweiResponse {
        let change: KeyStateChange

        func encode(to json: inout JSONWriter) {
            json.name("key_info")
            json.object { change.encode(to: &$0) }
        }
    }
}
