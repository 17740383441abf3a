import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// What a call says, checked by its tables.
struct AdminInput: Sendable {
    private let segments: [String: String]
    let query: ParameterValues
    let body: ParameterValues
    private let bodyText: [UInt8]

    init(segments: [String: String], query: ParameterValues, body: ParameterValues, bodyText: [UInt8]) {
        self.segments = segments
        self.query = query
        self.body = body
        self.bodyText = bodyText
    }

    /// What stands in the path at a name of the template.
    func segment(_ name: String) -> String { segments[name] ?? "" }

    static let regionParameters: [Parameter] = [
        .optional("region", .string, "any name of the key's region; the first of the server if it is not said")
    ]

    func keyID() throws(KMSError) -> KeyID { try KeyID(text: Array(segment("key").utf8)) }

    /// A secret that the body holds as text.
    func secret(_ name: StaticString) -> KeyMaterial? { body.bytes(name).map { KeyMaterial($0) } }

    /// A moment in the query or the body.
    static func moment(_ name: StaticString, in values: ParameterValues) throws(KMSError) -> Timestamp? {
        guard let text = values.text(name) else { return nil }
        guard let moment = Timestamp(iso8601: text) else {
            throw KMSError(.invalidParameterValue, "\(name) is a moment such as 2026-01-31T12:00:00Z")
        }
        return moment
    }
}

// MARK: pages

extension AdminInput {
    /// Where a page begins and how long it may be.
    struct PageRequest: Sendable {
        let after: String?
        let limit: Int
    }

    static let pageParameters: [Parameter] = [
        .optional("after", .string, "`next` of the page before"),
        .optional("limit", .unsigned, "how many items at most: 1 to 1,000, 100 if it is not said"),
    ]

    private static let defaultLimit: UInt64 = 100
    private static let largestLimit: UInt64 = 1000

    func page() throws(KMSError) -> PageRequest { PageRequest(after: query.text("after"), limit: try limit()) }

    func limit() throws(KMSError) -> Int {
        let limit = query.number("limit") ?? Self.defaultLimit
        guard 1...Self.largestLimit ~= limit else {
            throw KMSError(.invalidParameterValue, "limit is 1 to \(Self.largestLimit)")
        }
        return Int(limit)
    }
}

// MARK: policies

extension AdminInput {
    private static let documentMeaning: StaticString =
        "the policy: its text as a string, or the JSON object itself, which is kept in the very words that are sent"

    static let requiredDocument = Parameter.required("document", .any, documentMeaning)
    static let optionalDocument = Parameter.optional("document", .any, documentMeaning)
    static let language = Parameter.optional(
        "language", .string,
        "`tencent`, `alibaba` or `huawei`; if it is not said, the member version of the document tells")

    /// The text of the policy in the body.
    func policyText() throws(KMSError) -> String? {
        switch body.value("document") {
        case nil: return nil
        case .string(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .object: return String(decoding: JSONMemberText.find("document", in: bodyText) ?? [], as: UTF8.self)
        case .array, .number, .bool, .null:
            throw KMSError(.invalidParameter, "document is a string or an object")
        }
    }

    func policyLanguage() throws(KMSError) -> PolicyLanguage? {
        guard let name = body.text("language") else { return nil }
        guard let language = PolicyLanguage(rawValue: name) else {
            throw KMSError(.invalidParameterValue, "language is tencent, alibaba or huawei")
        }
        return language
    }
}
