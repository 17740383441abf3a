import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension TencentLegacy {
    /// Lists the ids of keys, newest first: those that ListKeys of the newer API lists.
    struct ListKey: ManagementAction {
        static let parameters: [Parameter] = [.optional("offset", .unsigned), .optional("limit", .unsigned)]

        private let paging: Paging

        init(_ values: ParameterValues) throws(KMSError) {
            paging = try Paging(values, offset: "offset", limit: "limit")
        }

        func perform(in call: Call) async throws(KMSError) -> Response {
            var query = KeyQuery(scope: call.caller.scope)
            query.states = ListKeys.listedStates
            let page = try await call.kms.list(query, offset: paging.offset, limit: paging.limit, as: call.caller)
            return Response(ids: page.keys.map(\.id), total: page.total)
        }

        struct Response: TencentResponse {
            let ids: [KeyID]
            let total: Int

            func encode(to json: inout JSONWriter) {
                json.member("totalCount", total)
                json.name("keys")
                json.array(ids) { json, id in json.object { $0.member("keyId", id.description) } }
            }
        }
    }
}
