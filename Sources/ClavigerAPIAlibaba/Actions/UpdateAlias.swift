import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a name to another key.
struct UpdateAlias: ManagementAction {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["AliasName", "KeyId"]

    private let alias: KeyAlias
    private let key: AlibabaKeyName

    init(_ values: AlibabaValues) throws(KMSError) {
        alias = try values.aliasName()
        key = try values.keyNameWithoutAlias()
    }

    var resources: [String] { [AliasName.text(alias), key.resource].compactMap { $0 } }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        try await call.kms.updateAlias(alias, to: try call.id(key), as: call.caller)
        return EmptyResponse()
    }
}
