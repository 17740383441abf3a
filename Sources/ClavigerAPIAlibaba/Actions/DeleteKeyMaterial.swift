import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Deletes the material of an external key at once; the key waits for the same material again.
struct DeleteKeyMaterial: ManagementAction, KeyNaming {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["KeyId"]

    let key: AlibabaKeyName

    init(_ values: AlibabaValues) throws(KMSError) { key = try values.keyNameWithoutAlias() }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        try await call.kms.deleteImportedMaterial(of: try call.id(key), as: call.caller)
        return EmptyResponse()
    }
}
