import ClavigerCore
import ClavigerCrypto

/// Lists secrets, the oldest first, those among them that wait for their deletion.
struct ListSecrets: ReadingAction {
    private let filter: SecretQuery.Filter?
    private let page: AlibabaPage
    private let fetchesTags: Bool

    init(_ values: AlibabaValues) throws(KMSError) {
        filter = try values.secretFilter()
        page = try values.page()
        fetchesTags = try values.boolean("FetchTags") ?? false
    }

    func perform(in call: AlibabaCall) async throws(KMSError) -> Response {
        Response(
            found: try await call.secrets.list(filter, offset: page.offset, limit: page.size, as: call.caller),
            page: page, showsTags: fetchesTags)
    }

    struct Response: AlibabaResponse {
        let found: SecretPage
        let page: AlibabaPage
        let showsTags: Bool

        func encode(to json: inout JSONWriter) {
            json.name("SecretList")
            json.object { json in
                json.name("Secret")
                json.array(found.secrets) { json, secret in
                    json.object { json in
                        json.member("SecretName", secret.name.text)
                        json.secretType()
                        json.dates(of: secret)
                        if showsTags { json.tags(secret.tags) }
                    }
                }
            }
            page.encode(total: found.total, to: &json)
        }
    }
}
