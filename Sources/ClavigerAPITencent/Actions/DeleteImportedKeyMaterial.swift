import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Deletes the imported material of a key; the key waits for the same material again.
struct DeleteImportedKeyMaterial: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters: [Parameter] = [.required("KeyId", .string)]

    private let id: KeyID

    init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID() }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.deleteImportedMaterial(of: id, gate: .only(.enabled, .disabled), as: call.caller)
        return EmptyResponse()
    }
}
