import ClavigerCore
import GRDB

/// Which keys a query selects, in which order, as parts of SQL statements.
struct KeySelection: ListSelection {
    /// Bytes of the longest alias that any dialect allows, with room to spare; a key id has 36.
    private static let longestSearchable = 512

    /// How the keys are found.
    enum Access: Equatable {
        /// In order, along an index that holds every column of the conditions.
        case inOrder(index: String)
        /// By alias, tags or text, out of order.
        case collected
    }

    let access: Access
    let isNewestFirst: Bool

    /// Where the selected rows come from, with conditions on the columns that `keys` and `key_counts` have in common.
    private(set) var source = "keys"
    private(set) var conditions: [String] = []
    private(set) var arguments: StatementArguments = []

    /// The same for equal selections and different for all others, in every byte of their texts.
    private(set) var fingerprint: [UInt8] = []

    init(_ query: KeyQuery) {
        isNewestFirst = query.order == .newestFirst
        let search = query.search.flatMap { $0.isEmpty ? nil : $0 }
        if search != nil || query.alias != nil || !query.tagFilters.isEmpty {
            access = .collected
        } else {
            let index = query.states?.count == 1 ? "keys_by_state" : "keys_by_creation"
            access = .inOrder(index: query.role == nil ? "all_\(index)" : index)
        }
        if let search { add(search: search) }
        add("account = ?", query.scope.account.number)
        add("realm = ?", query.scope.realm.name)
        if let role = query.role { add("role = ?", role == .user ? "user" : "product") }
        if let states = query.states { add(states: states.map(\.rawValue).sorted()) }
        if let purposes = query.purposes {
            add(purposes: purposes.map { ($0.spec.rawValue, $0.usage.rawValue) }.sorted(by: <))
        }
        if let origin = query.origin { add("origin = ?", origin.rawValue) }
        if let project = query.enterpriseProject { add(enterpriseProject: project) }
        if let alias = query.alias { add(alias: alias, in: query.scope) }
        for filter in query.tagFilters { add(filter, in: query.scope) }
        fingerprint.append(contentsOf: (conditions.joined(separator: " ") + (isNewestFirst ? " DESC" : "")).utf8)
    }

    /// The statement that counts, for keys that are found in order.
    var countStatement: String {
        "SELECT COALESCE(SUM(count), 0) FROM key_counts WHERE \(conditions.joined(separator: " AND "))"
    }

    /// The statement that gives all selected keys at once.
    var collectionStatement: String {
        "SELECT sequence FROM \(source) WHERE \(conditions.joined(separator: " AND ")) ORDER BY \(order)"
    }

    /// The statement that gives a page in order; its further arguments are those of the start, limit and offset.
    func pageStatement(index: String, from start: PageStart) -> String {
        let comparison = isNewestFirst ? "<" : ">"
        let position =
            switch start {
            case .first: ""
            case .laterInSecond: " AND created_at = ? AND sequence \(comparison) ?"
            case .afterSecond: " AND created_at \(comparison) ?"
            }
        return """
            SELECT created_at, sequence FROM \(source) INDEXED BY \(index)
            WHERE \(conditions.joined(separator: " AND "))\(position) ORDER BY \(order) LIMIT ? OFFSET ?
            """
    }

    private var order: String { isNewestFirst ? "created_at DESC, sequence DESC" : "created_at, sequence" }

    // MARK: conditions

    private mutating func add(states: [String]) {
        if states.count == 1 {
            add("state = ?", states[0])
        } else {
            add("state IN (\(Self.placeholders(states.count)))", states)
        }
    }

    private mutating func add(purposes: [(spec: String, usage: String)]) {
        let alternatives = purposes.map { _ in "spec = ? AND usage = ?" }.joined(separator: " OR ")
        add(purposes.isEmpty ? "FALSE" : "(\(alternatives))", purposes.flatMap { [$0.spec, $0.usage] })
    }

    private mutating func add(enterpriseProject id: String) {
        // No stored text holds what cannot be stored, nor may it be cut off to match one; here and below.
        guard StorableText.allows(id) else { return add("FALSE", []) }
        add("enterprise_project = ?", id)
    }

    private mutating func add(alias: String, in scope: KeyScope) {
        guard StorableText.allows(alias) else { return add("FALSE", []) }
        add(
            """
            keys.sequence = (
                SELECT key FROM aliases
                WHERE account = \(scope.account.number) AND realm = ? AND name = ? AND is_primary = 1
            )
            """, [scope.realm.name, alias])
    }

    private mutating func add(search text: String) {
        source = "key_search CROSS JOIN keys ON keys.sequence = key_search.rowid"
        // A text that is longer than what it is looked for in cannot be part of it; the index would spend seconds on finding out.
        guard StorableText.allows(text), text.utf8.count <= Self.longestSearchable else { return add("FALSE", []) }
        // The trigram index answers from three characters on. What it finds is compared all the same, and shorter texts
        // are only compared.
        if text.unicodeScalars.count >= 3 {
            add("key_search MATCH ?", "\"" + text.replacing("\"", with: "\"\"") + "\"")
        } else {
            source = "keys JOIN key_search ON key_search.rowid = keys.sequence"
        }
        add("(instr(key_search.alias, ?) > 0 OR instr(key_search.key_id, ?) > 0)", [text, text])
    }

    private mutating func add(_ filter: KeyQuery.TagFilter, in scope: KeyScope) {
        guard StorableText.allows(filter.key) else { return add("FALSE", []) }
        let values = filter.values.filter(StorableText.allows)
        let tagged =
            "sequence IN (SELECT key FROM tags WHERE account = \(scope.account.number) AND realm = ? AND name = ?"
        if filter.values.isEmpty {
            add("\(tagged))", [scope.realm.name, filter.key])
        } else {
            add(
                "\(tagged) AND value IN (\(Self.placeholders(values.count))))", [scope.realm.name, filter.key] + values)
        }
    }

    private mutating func add(_ condition: String, _ texts: [String]) {
        conditions.append(condition)
        arguments += StatementArguments(texts)
        for text in texts { addToFingerprint(text) }
    }

    private mutating func add(_ condition: String, _ text: String) { add(condition, [text]) }

    private mutating func add(_ condition: String, _ number: Int64) {
        conditions.append(condition)
        arguments += [number]
        addToFingerprint(String(number))
    }

    private mutating func addToFingerprint(_ text: String) {
        // No text here holds a zero, so it ends each of them.
        fingerprint.append(contentsOf: text.utf8)
        fingerprint.append(0)
    }

    private static func placeholders(_ count: Int) -> String {
        repeatElement("?", count: count).joined(separator: ", ")
    }
}
