import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists the ids of keys that are enabled, disabled or waiting for material, newest first.
struct ListKeys: ManagementAction {
    static let parameters: [Parameter] = Paging.parameters + [.optional("Role", .unsigned)]

    static let listedStates: Set<KeyState> = [.enabled, .disabled, .pendingImport]

    private let paging: Paging
    private let role: KeyQuery.Role

    init(_ values: ParameterValues) throws(KMSError) {
        paging = try Paging(values)
        role = try values.choice("Role", [.user, .product]) ?? .user
    }

    func perform(in call: Call) async throws(KMSError) -> Response {
        var query = KeyQuery(scope: call.caller.scope)
        query.role = role
        query.states = Self.listedStates
        return Response(
            page: try await call.kms.list(query, offset: paging.offset, limit: paging.limit, as: call.caller))
    }

    struct Response: TencentResponse {
        let page: KeyPage

        func encode(to json: inout JSONWriter) {
            json.name("Keys")
            json.array(page.keys) { json, key in
                json.object { $0.member("KeyId", key.id.description) }
            }
            json.member("TotalCount", page.total)
        }
    }
}
