import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lists keys with all that is known of them, filtered and in either order.
struct ListKeyDetail: ManagementAction {
    static let parameters: [Parameter] =
        Paging.parameters + [
            .optional("Role", .unsigned),
            .optional("OrderType", .unsigned),
            .optional("KeyState", .unsigned),
            .optional("SearchKeyAlias", .string),
            .optional("Origin", .string),
            .optional("KeyUsage", .string),
            .optional(
                "TagFilters", .list(.object([.required("TagKey", .string), .optional("TagValue", .list(.string))]))),
        ]

    /// What the filter KeyUsage asks for.
    private enum UsageFilter {
        case all
        case only(TencentKeyUsage)
    }

    // Without bounds one call could make the store work for minutes.
    private static let mostTagFilters = 50
    private static let mostTagValues = 100

    private let paging: Paging
    private let role: KeyQuery.Role
    private let order: KeyQuery.Order
    private let state: KeyState?
    private let search: String?
    private let origin: KeyOrigin?
    private let usage: UsageFilter
    private let tagFilters: [KeyQuery.TagFilter]

    init(_ values: ParameterValues) throws(KMSError) {
        paging = try Paging(values)
        role = try values.choice("Role", [.user, .product]) ?? .user
        order = try values.choice("OrderType", [.newestFirst, .oldestFirst]) ?? .newestFirst
        state =
            try values.choice(
                "KeyState", [nil, .enabled, .disabled, .pendingDeletion, .pendingImport, .archived]) ?? nil
        search = values.text("SearchKeyAlias").flatMap { $0.isEmpty ? nil : $0 }
        origin = try Self.origin(values.text("Origin"))
        usage = try Self.usage(values.text("KeyUsage"))
        tagFilters = (values.list("TagFilters") ?? []).map(Self.tagFilter)
        guard tagFilters.count <= Self.mostTagFilters, tagFilters.allSatisfy({ $0.values.count <= Self.mostTagValues })
        else {
            throw KMSError(
                .invalidParameter, "at most \(Self.mostTagFilters) TagFilters with \(Self.mostTagValues) values each")
        }
    }

    private static func origin(_ text: String?) throws(KMSError) -> KeyOrigin? {
        guard let text, text != "ALL" else { return nil }
        guard let origin = KeyOrigin.allCases.first(where: { $0.tencent == text }) else {
            throw KMSError(.invalidParameter, "Origin is TENCENT_KMS, EXTERNAL or ALL")
        }
        return origin
    }

    private static func usage(_ text: String?) throws(KMSError) -> UsageFilter {
        // Without the filter only symmetric keys are listed.
        guard let text else { return .only(.encryptDecrypt) }
        if text == "ALL" { return .all }
        guard let usage = TencentKeyUsage(rawValue: text) else {
            throw KMSError(.invalidParameter, "KeyUsage is ALL or a usage that CreateKey knows")
        }
        return .only(usage)
    }

    private static func tagFilter(_ value: JSONValue) -> KeyQuery.TagFilter {
        guard case .array(let values) = value["TagValue"] else {
            return KeyQuery.TagFilter(key: value["TagKey"]?.text ?? "", values: [])
        }
        return KeyQuery.TagFilter(key: value["TagKey"]?.text ?? "", values: values.compactMap(\.text))
    }

    func perform(in call: Call) async throws(KMSError) -> Response {
        let edition = call.caller.realm.edition
        var query = KeyQuery(scope: call.caller.scope)
        query.role = role
        query.order = order
        query.states = state.map { [$0] }
        if case .only(let usage) = usage { query.purposes = usage.purposes }
        query.origin = origin
        query.search = search
        query.tagFilters = tagFilters
        let page = try await call.kms.list(query, offset: paging.offset, limit: paging.limit, as: call.caller)
        return Response(metadata: page.keys.map { KeyMetadata(key: $0, edition: edition) }, total: page.total)
    }

    struct Response: TencentResponse {
        let metadata: [KeyMetadata]
        let total: Int

        func encode(to json: inout JSONWriter) {
            json.name("KeyMetadatas")
            json.array(metadata) { $1.encode(to: &$0) }
            json.member("TotalCount", total)
        }
    }
}
