import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Enables a disabled key. An enabled key stays as it is.
struct EnableKey: ManagementAction, KeyNaming {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["KeyId"]
    static let stateCode: AlibabaCode? = .stateModifiedFailed

    let key: AlibabaKeyName

    init(_ values: AlibabaValues) throws(KMSError) { key = try values.keyNameWithoutAlias() }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        try await call.kms.enable([try call.id(key)], as: call.caller)
        return EmptyResponse()
    }
}
