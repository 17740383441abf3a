import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension TencentLegacy {
    /// Shows a key.
    struct GetKeyAttributes: ManagementAction {
        typealias Response = LegacyKeyMetadata

        static let parameters: [Parameter] = [.required("keyId", .string)]

        private let id: KeyID

        init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID("keyId") }

        var resources: [KeyID] { [id] }

        func perform(in call: Call) async throws(KMSError) -> LegacyKeyMetadata {
            LegacyKeyMetadata(key: try await call.kms.describe([id], as: call.caller)[0])
        }
    }
}
