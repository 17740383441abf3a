import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Shows a key.
struct DescribeKey: ManagementAction {
    static let parameters: [Parameter] = [.required("KeyId", .string)]

    private let id: KeyID

    init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID() }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> Response {
        let keys = try await call.kms.describe([id], as: call.caller)
        return Response(metadata: KeyMetadata(key: keys[0], edition: call.caller.realm.edition))
    }

    struct Response: TencentResponse {
        let metadata: KeyMetadata

        func encode(to json: inout JSONWriter) {
            json.name("KeyMetadata")
            metadata.encode(to: &json)
        }
    }
}
