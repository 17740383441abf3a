import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension TencentLegacy {
    /// Stops cryptographic use of a key.
    struct DisableKey: ManagementAction {
        typealias Response = EmptyResponse

        static let parameters: [Parameter] = [.required("keyId", .string)]

        private let id: KeyID

        init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID("keyId") }

        var resources: [KeyID] { [id] }

        func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
            try await call.kms.disable([id], as: call.caller)
            return EmptyResponse()
        }
    }
}
