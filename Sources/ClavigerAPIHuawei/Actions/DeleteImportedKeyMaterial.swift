import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Deletes the material of an external key at once; the key waits for the same material again (contract, section 7.21).
struct DeleteImportedKeyMaterial: KeyManagementAction {
    typealias Response = EmptyResponse

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/delete-imported-key-material")
    static let required: [StaticString] = ["key_id"]
    static let sparesDefaultKeys = true
    static let stateCode: HuaweiCode? = .materialNotDeletable

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> EmptyResponse {
        try await call.kms.deleteImportedMaterial(of: key.key.id, gate: .only(.enabled, .disabled), as: call.caller)
        return EmptyResponse()
    }
}
