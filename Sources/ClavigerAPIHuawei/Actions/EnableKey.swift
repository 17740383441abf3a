import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Enables a disabled key (contract, section 7.2).
struct EnableKey: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/enable-key")
    static let required: [StaticString] = ["key_id"]
    static let sparesDefaultKeys = true
    static let stateCode: HuaweiCode? = .keyNotDisabled

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        try await call.kms.enable([key.key.id], gate: .only(.disabled), as: call.caller)
        return Response(change: KeyStateChange(id: key.key.id, state: .enabled))
    }

    struct Response: HuaweiResponse {
        let change: KeyStateChange

        func encode(to json: inout JSONWriter) {
            json.name("key_info")
            json.object { change.encode(to: &$0) }
        }
    }
}
