import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Ends the wait for a key's deletion; the key is then disabled, or waits for its material (contract, section 7.5).
struct CancelKeyDeletion: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/cancel-key-deletion")
    static let required: [StaticString] = ["key_id"]
    static let sparesDefaultKeys = true
    static let stateCode: HuaweiCode? = .notPendingDeletion

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        let changed = try await call.kms.cancelDeletion(of: key.key.id, as: call.caller)
        // What the key has become depends on its material, which may have expired while the deletion was awaited.
        return Response(change: KeyStateChange(id: changed.id, state: changed.state))
    }

    /// Unlike others, this answer has no `key_info` around it.
    struct Response: HuaweiResponse {
        let change: KeyStateChange

        func encode(to json: inout JSONWriter) { change.encode(to: &json) }
    }
}
