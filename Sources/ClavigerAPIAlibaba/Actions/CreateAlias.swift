import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key one more name.
struct CreateAlias: ManagementAction {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["AliasName", "KeyId"]
    static let stateCode: AlibabaCode? = .stateModifiedFailed

    private let alias: KeyAlias
    private let key: AlibabaKeyName

    init(_ values: AlibabaValues) throws(KMSError) {
        alias = try values.aliasName()
        key = try values.keyNameWithoutAlias()
    }

    var resources: [String] { [AliasName.text(alias), key.resource].compactMap { $0 } }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        let id = try call.id(key)
        if alias == .defaultKey { try await refuse(in: call) }
        try await call.kms.createAlias(alias, of: id, as: call.caller)
        return EmptyResponse()
    }

    /// Refuses a name that is another's, whether or not that key was made already, where one that is taken would be refused.
    private func refuse(in call: AlibabaCall) async throws(KMSError) {
        try call.caller.require(on: .newAlias(alias))
        try call.kms.admit(.addAlias, on: try await call.load(key, as: call.caller), as: call.caller)
        throw KMSError(.aliasExists, "\(AliasName.text(alias)) is the name of the default key")
    }
}
