import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension TencentLegacy {
    /// Gives a key another alias.
    struct SetKeyAttributes: ManagementAction {
        typealias Response = EmptyResponse

        static let parameters: [Parameter] = [.required("keyId", .string), .required("alias", .string)]

        private let id: KeyID
        private let alias: KeyAlias

        init(_ values: ParameterValues) throws(KMSError) {
            id = try values.keyID("keyId")
            alias = try values.legacyAlias()
        }

        var resources: [KeyID] { [id] }

        func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
            try await call.kms.updateAlias(of: id, to: alias, as: call.caller)
            return EmptyResponse()
        }
    }
}
