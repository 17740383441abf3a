import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Disables an enabled key. A disabled key stays as it is.
struct DisableKey: ManagementAction, KeyNaming {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["KeyId"]
    static let stateCode: AlibabaCode? = .stateModifiedFailed

    let key: AlibabaKeyName

    init(_ values: AlibabaValues) throws(KMSError) { key = try values.keyNameWithoutAlias() }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        try await call.kms.disable([try call.id(key)], as: call.caller)
        return EmptyResponse()
    }
}
