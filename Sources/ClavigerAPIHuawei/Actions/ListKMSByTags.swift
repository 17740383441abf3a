import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Finds or counts the keys that have certain tags or a certain alias, newest first (contract, section 7.22).
struct ListKMSByTags: ManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/{resource_instances}/action")
    static let name = "list-kms-by-tags"
    static let required: [StaticString] = ["action"]

    /// The only kind of resources that there is.
    private static let resourceType = "resource_instances"

    private static let limits = 1...1000
    private static let usualLimit = 10

    private enum Wanted {
        case page(offset: Int, limit: Int)
        case count
    }

    private enum Word { case filter, count }

    private let wanted: Wanted
    private let tagFilters: [KeyQuery.TagFilter]
    private let aliases: [String]

    init(_ values: HuaweiValues) throws(KMSError) {
        guard values.parameter("resource_instances") == Self.resourceType else {
            throw KMSError(HuaweiCode.invalidResourceType, "the resource type is \(Self.resourceType)")
        }
        switch try values.choice("action", [("filter", Word.filter), ("count", .count)], else: .invalidAction) {
        case .filter:
            wanted = .page(
                offset: try values.offset("offset", else: .invalidOffset),
                limit: try values.number("limit", in: Self.limits, else: .invalidLimit) ?? Self.usualLimit)
        case .count: wanted = .count
        case nil: throw KMSError(.missingParameter, "the member action is missing")
        }
        tagFilters = try values.tagFilters()
        aliases = try values.matchedAliases()
    }

    func perform(in call: HuaweiCall) async throws(KMSError) -> Response {
        var query = KeyQuery(scope: call.caller.scope)
        query.role = nil
        query.tagFilters = tagFilters
        query.alias = aliases.first
        // No key has two aliases, so that none is in any of the states that are left.
        if let first = aliases.first, !aliases.allSatisfy({ $0.utf8.elementsEqual(first.utf8) }) { query.states = [] }
        switch wanted {
        case .count:
            return Response(
                keys: nil, total: try await call.kms.list(query, offset: 0, limit: 0, as: call.caller).total)
        case .page(let offset, let limit):
            let page = try await call.kms.list(query, offset: offset, limit: limit, as: call.caller)
            return Response(
                keys: page.keys.map {
                    KeyDetails(key: $0, domainID: call.account.domainID, realm: call.caller.realm)
                }, total: page.total)
        }
    }

    struct Response: HuaweiResponse {
        /// `nil` if they were only counted.
        let keys: [KeyDetails]?
        let total: Int

        func encode(to json: inout JSONWriter) {
            if let keys {
                json.name("resources")
                json.array(keys) { json, details in json.object { Self.encode(details, to: &$0) } }
            }
            json.member("total_count", total)
        }

        private static func encode(_ details: KeyDetails, to json: inout JSONWriter) {
            json.member("resource_id", details.key.id.description)
            json.member("resource_name", details.key.primaryAlias?.name ?? "")
            json.name("resource_detail")
            json.object { details.encode(to: &$0) }
            json.name("tags")
            json.array(details.key.tags) { $1.encode(to: &$0) }
        }
    }
}
