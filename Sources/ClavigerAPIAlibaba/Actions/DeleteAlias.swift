import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Takes a name from the key that has it.
struct DeleteAlias: ManagementAction {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["AliasName"]

    private let alias: KeyAlias

    init(_ values: AlibabaValues) throws(KMSError) { alias = try values.aliasName() }

    var resources: [String] { [AliasName.text(alias)] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        try await call.kms.deleteAlias(alias, as: call.caller)
        return EmptyResponse()
    }
}
