import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Ends the wait for a key's deletion; the key is then enabled, or waits for its material.
struct CancelKeyDeletion: ManagementAction, KeyNaming {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["KeyId"]
    static let stateCode: AlibabaCode? = .stateModifiedFailed

    let key: AlibabaKeyName

    init(_ values: AlibabaValues) throws(KMSError) { key = try values.keyNameWithoutAlias() }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        try await call.kms.cancelDeletion(of: try call.id(key), to: .enabled, as: call.caller)
        return EmptyResponse()
    }
}
