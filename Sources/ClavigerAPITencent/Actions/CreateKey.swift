import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Makes a customer master key.
struct CreateKey: ManagementAction {
    static let parameters: [Parameter] = [
        .required("Alias", .string),
        .optional("Description", .string),
        .optional("KeyUsage", .string),
        .optional("Type", .unsigned),
        .optional(
            "Tags", .list(.object([.required("TagKey", .string), .required("TagValue", .string)]))),
    ]

    private let alias: KeyAlias
    private let description: String
    private let usage: TencentKeyUsage
    private let origin: KeyOrigin
    private let tags: [KeyTag]

    init(_ values: ParameterValues) throws(KMSError) {
        alias = try values.alias()
        description = try values.description()
        usage = try Self.usage(values.text("KeyUsage"))
        origin = try Self.origin(values.number("Type"))
        if origin == .external, usage != .encryptDecrypt {
            throw KMSError(.invalidKeyUsage, "only symmetric keys can have material from outside")
        }
        tags = try Self.tags(values.list("Tags") ?? [])
    }

    private static func usage(_ text: String?) throws(KMSError) -> TencentKeyUsage {
        guard let text else { return .encryptDecrypt }
        guard let usage = TencentKeyUsage(rawValue: text) else {
            throw KMSError(
                .invalidKeyUsage,
                "KeyUsage is one of \(TencentKeyUsage.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return usage
    }

    private static func origin(_ type: UInt64?) throws(KMSError) -> KeyOrigin {
        switch type {
        case nil, 1: return .generated
        case 2: return .external
        default: throw KMSError(.invalidOrigin, "Type is 1 (material made here) or 2 (material from outside)")
        }
    }

    private static func tags(_ elements: [JSONValue]) throws(KMSError) -> [KeyTag] {
        let tags = elements.map { KeyTag(key: $0["TagKey"]?.text ?? "", value: $0["TagValue"]?.text ?? "") }
        guard tags.allSatisfy({ !$0.key.isEmpty && $0.key.utf8.count <= 255 && $0.value.utf8.count <= 255 }) else {
            throw KMSError(.invalidParameterValue, "a TagKey has 1 to 255 bytes, a TagValue up to 255")
        }
        guard tags.count <= 50 else { throw KMSError(.invalidParameter, "a key has at most 50 tags") }
        // Compared by bytes: Swift takes equivalent spellings of a text for equal.
        guard Set(tags.map { Array($0.key.utf8) }).count == tags.count else {
            throw KMSError(.duplicateTag, "a TagKey is given twice")
        }
        return tags
    }

    func perform(in call: Call) async throws(KMSError) -> Response {
        let purpose = usage.purpose(in: call.caller.realm.edition)
        let key = try await call.kms.create(
            NewKey(
                spec: purpose.spec, usage: purpose.usage, origin: origin, alias: alias, description: description,
                tags: tags),
            as: call.caller)
        return Response(key: key, usage: usage)
    }

    struct Response: TencentResponse {
        let key: Key
        let usage: TencentKeyUsage

        var madeKeys: [KeyID] { [key.id] }

        func encode(to json: inout JSONWriter) {
            json.member("KeyId", key.id.description)
            json.member("Alias", key.primaryAlias?.name ?? "")
            json.member("CreateTime", key.createdAt.seconds)
            json.member("Description", key.description)
            json.member("KeyState", key.state.tencent)
            json.member("KeyUsage", usage.rawValue)
            // Tags are stored with the key in one transaction: where there is a key, they are there.
            json.member("TagCode", 0)
            json.member("TagMsg", "ok")
        }
    }
}
