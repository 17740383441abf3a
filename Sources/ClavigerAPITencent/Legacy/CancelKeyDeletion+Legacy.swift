import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension TencentLegacy {
    /// Brings a key back whose deletion is pending; it is then disabled.
    struct CancelKeyDeletion: ManagementAction {
        static let parameters: [Parameter] = [.required("keyId", .string)]

        private let id: KeyID

        init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID("keyId") }

        var resources: [KeyID] { [id] }

        func perform(in call: Call) async throws(KMSError) -> Response {
            try await call.kms.cancelDeletion(of: id, as: call.caller)
            return Response(id: id)
        }

        struct Response: TencentResponse {
            let id: KeyID

            func encode(to json: inout JSONWriter) { json.member("keyId", id.description) }
        }
    }
}
