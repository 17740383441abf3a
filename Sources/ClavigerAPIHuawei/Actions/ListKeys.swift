import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists the keys of the project with all that is known of them, newest first, default master keys among them (contract, section 7.6).
struct ListKeys: ManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/list-keys")

    private static let limits = 1...2000
    private static let everyProject = "all"

    private let limit: Int
    private let marker: Int
    private let states: Set<KeyState>?
    private let enterpriseProject: String?

    init(_ values: HuaweiValues) throws(KMSError) {
        limit = try values.number("limit", in: Self.limits, else: .invalidLimit) ?? Self.limits.upperBound
        marker = try values.offset("marker", else: .invalidMarker)
        states = try values.keyStates()
        enterpriseProject =
            try values.text("enterprise_project_id") == Self.everyProject ? nil : values.enterpriseProject()
    }

    func perform(in call: HuaweiCall) async throws(KMSError) -> Response {
        var query = KeyQuery(scope: call.caller.scope)
        query.role = nil
        query.states = states
        query.enterpriseProject = enterpriseProject
        let page = try await call.kms.list(query, offset: marker, limit: limit, as: call.caller)
        return Response(
            details: page.keys.map {
                KeyDetails(key: $0, domainID: call.account.domainID, realm: call.caller.realm)
            },
            end: PageEnd(offset: marker, count: page.keys.count, total: page.total))
    }

    struct Response: HuaweiResponse {
        let details: [KeyDetails]
        let end: PageEnd

        func encode(to json: inout JSONWriter) {
            json.name("keys")
            json.array(details) { $0.string($1.key.id.description) }
            json.name("key_details")
            json.array(details) { json, details in json.object { details.encode(to: &$0) } }
            end.encode(to: &json)
        }
    }
}
