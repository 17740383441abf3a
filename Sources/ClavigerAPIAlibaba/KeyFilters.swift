import ClavigerCore
import ClavigerCrypto

/// Which keys a list shall have: JSON text, a list of objects with Key and Values (contract, section 5.1, ListKeys). Entries must all hold; of the
/// values of one Key, in however many entries they stand, one must.
struct KeyFilters: Sendable {
    /// What the owner of a key is to users.
    private enum Creator: String, CaseIterable {
        case user = "User"
        case service = "Service"

        var role: KeyQuery.Role {
            switch self {
            case .user: .user
            case .service: .product
            }
        }
    }

    private enum Field: String, CaseIterable {
        case state = "KeyState"
        case spec = "KeySpec"
        case usage = "KeyUsage"
        case level = "ProtectionLevel"
        case creator = "CreatorType"
    }

    /// More entries, and more values of one, than there are words.
    private static let longestList = 100

    // `nil` stands for all, everywhere.
    private var states: Set<KeyState>?
    private var specs: Set<KeySpec>?
    private var usages: Set<KeyUsage>?
    private var levels: Set<ProtectionLevel>?
    private var creators: Set<Creator>?

    /// - Parameter filters: `nil` for all keys.
    /// - Throws: `.invalidParameter`.
    init(_ filters: JSONValue?) throws(KMSError) {
        guard let filters else { return }
        guard case .array(let entries) = filters else {
            throw KMSError(.invalidParameter, "Filters is a list of objects with Key and Values")
        }
        guard entries.count <= Self.longestList else {
            throw KMSError(.invalidParameter, "Filters has at most \(Self.longestList) entries")
        }
        for entry in entries { try add(entry) }
    }

    private mutating func add(_ entry: JSONValue) throws(KMSError) {
        guard let field = entry["Key"]?.text.flatMap(Field.init(rawValue:)) else {
            let fields = Field.allCases.map(\.rawValue).joined(separator: ", ")
            throw KMSError(.invalidParameter, "the Key of a filter is one of: \(fields)")
        }
        guard case .array(let values) = entry["Values"], (1...Self.longestList).contains(values.count) else {
            throw KMSError(.invalidParameter, "the Values of a filter are a list of 1 to \(Self.longestList) texts")
        }
        for value in values {
            guard let word = value.text, add(word, to: field) else {
                throw KMSError(.invalidParameter, "no \(field.rawValue) is what a filter wants")
            }
        }
    }

    /// - Returns: whether keys can have this value.
    private mutating func add(_ word: String, to field: Field) -> Bool {
        switch field {
        case .state: Self.add(KeyState.allCases.filter { $0.alibaba == word }, to: &states)
        case .spec: Self.add(KeySpec.allCases.filter { $0.alibaba == word }, to: &specs)
        case .usage: Self.add(KeyUsage.allCases.filter { $0.alibaba == word }, to: &usages)
        case .level: Self.add(ProtectionLevel.allCases.filter { $0.rawValue == word }, to: &levels)
        case .creator: Self.add(Creator.allCases.filter { $0.rawValue == word }, to: &creators)
        }
    }

    private static func add<Value>(_ values: [Value], to wanted: inout Set<Value>?) -> Bool {
        wanted = (wanted ?? []).union(values)
        return !values.isEmpty
    }

    /// The query for the keys, oldest first.
    func query(in scope: KeyScope) -> KeyQuery {
        var query = KeyQuery(scope: scope)
        query.order = .oldestFirst
        query.role = role
        // No key has the other level.
        query.states = levels.map { $0.contains(.software) } ?? true ? states : []
        query.purposes = purposes
        return query
    }

    private var role: KeyQuery.Role? {
        guard let creators, creators.count == 1 else { return nil }
        return creators.first?.role
    }

    private var purposes: Set<KeyQuery.Purpose>? {
        guard specs != nil || usages != nil else { return nil }
        var purposes: Set<KeyQuery.Purpose> = []
        for spec in specs ?? Set(KeySpec.allCases) {
            for usage in usages ?? Set(KeyUsage.allCases) {
                purposes.insert(KeyQuery.Purpose(spec: spec, usage: usage))
            }
        }
        return purposes
    }
}
