import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Shows up to a hundred keys; fails whole if one is unknown.
struct DescribeKeys: ManagementAction {
    static let parameters: [Parameter] = [.required("KeyIds", .list(.string))]

    private let ids: [KeyID]

    init(_ values: ParameterValues) throws(KMSError) { ids = try values.keyIDs() }

    var resources: [KeyID] { ids }

    func perform(in call: Call) async throws(KMSError) -> Response {
        let edition = call.caller.realm.edition
        let keys = try await call.kms.describe(ids, as: call.caller)
        return Response(metadata: keys.map { KeyMetadata(key: $0, edition: edition) })
    }

    struct Response: TencentResponse {
        let metadata: [KeyMetadata]

        func encode(to json: inout JSONWriter) {
            json.name("KeyMetadatas")
            json.array(metadata) { $1.encode(to: &$0) }
        }
    }
}
