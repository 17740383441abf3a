import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension TencentLegacy {
    /// Makes a symmetric key.
    struct CreateKey: ManagementAction {
        static let parameters: [Parameter] = [
            .required("alias", .string),
            .optional("description", .string),
            .optional("keyUsage", .string),
            .optional("type", .unsigned),
        ]

        private let alias: KeyAlias
        private let description: String

        init(_ values: ParameterValues) throws(KMSError) {
            alias = try values.legacyAlias()
            description = try values.description("description")
            guard values.text("keyUsage").map({ $0 == LegacyKeyMetadata.symmetricUsage }) ?? true else {
                throw KMSError(.invalidKeyUsage, "keyUsage is \(LegacyKeyMetadata.symmetricUsage)")
            }
            guard values.number("type").map({ $0 == 1 }) ?? true else {
                throw KMSError(.invalidOrigin, "type is 1")
            }
        }

        func perform(in call: Call) async throws(KMSError) -> Response {
            let key = try await call.kms.create(
                NewKey(
                    spec: call.caller.realm.edition.symmetricSpec, usage: .encryptDecrypt, origin: .generated,
                    alias: alias, description: description, tags: []),
                as: call.caller)
            return Response(metadata: LegacyKeyMetadata(key: key))
        }

        struct Response: TencentResponse {
            let metadata: LegacyKeyMetadata

            var madeKeys: [KeyID] { [metadata.key.id] }

            func encode(to json: inout JSONWriter) { metadata.encode(to: &json) }
        }
    }
}
