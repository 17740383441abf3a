import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists keys in the order of their creation, those of cloud products among them.
struct ListKeys: ReadingAction {
    private let filters: KeyFilters
    private let page: AlibabaPage

    init(_ values: AlibabaValues) throws(KMSError) {
        filters = try KeyFilters(try values.json("Filters"))
        page = try values.page()
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        let found = try await call.kms.list(
            filters.query(in: call.caller.scope), offset: page.offset, limit: page.size, as: call.caller)
        return Response(
            keys: found.keys.map { ($0.id.description, call.arn("key/\($0.id)")) }, total: found.total, page: page)
    }

    struct Response: AlibabaResponse {
        let keys: [(id: String, arn: String)]
        let total: Int
        let page: AlibabaPage

        func encode(to json: inout JSONWriter) {
            json.name("Keys")
            json.object { json in
                json.name("Key")
                json.array(keys) { json, key in
                    json.object { json in
                        json.member("KeyId", key.id)
                        json.member("KeyArn", key.arn)
                    }
                }
            }
            page.encode(total: total, to: &json)
        }
    }
}
