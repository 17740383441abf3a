import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Brings back a key whose deletion is scheduled; it is disabled then.
struct CancelKeyDeletion: ManagementAction {
    static let parameters: [Parameter] = [.required("KeyId", .string)]

    private let id: KeyID

    init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID() }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> Response {
        try await call.kms.cancelDeletion(of: id, as: call.caller)
        return Response(id: id)
    }

    struct Response: TencentResponse {
        let id: KeyID

        func encode(to json: inout JSONWriter) { json.member("KeyId", id.description) }
    }
}
