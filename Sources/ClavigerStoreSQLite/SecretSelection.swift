import ClavigerCore
import Foundation
import GRDB

/// Which secrets a query selects, as parts of SQL statements. The oldest come first.
struct SecretSelection: ListSelection {
    /// As many characters of a text as the trigram index is asked for; long ones would keep it busy for seconds.
    private static let mostIndexed = 64

    /// As many texts as the trigram index is asked for at once.
    private static let mostPhrases = 100

    private(set) var source = "secrets"
    private(set) var conditions = ["account = ?", "realm = ?"]
    private(set) var arguments: StatementArguments

    private(set) var fingerprint: [UInt8]

    /// Whether the secrets are found in order, along the index that ``index`` names; they are collected otherwise.
    let isInOrder: Bool

    static let index = "secrets_by_creation"

    init(_ query: SecretQuery) {
        let (account, realm) = (query.scope.account.number, query.scope.realm.name)
        arguments = [account, realm]
        // No text here holds a zero, so it ends each of them.
        fingerprint = Array("\(account)\u{0}\(realm)\u{0}".utf8)
        isInOrder = query.filter == nil
        if let filter = query.filter { add(filter) }
    }

    var countStatement: String { "SELECT count FROM secret_counts WHERE account = ? AND realm = ?" }

    var collectionStatement: String {
        "SELECT sequence FROM \(source) WHERE \(conditions.joined(separator: " AND ")) ORDER BY created_at, sequence"
    }

    func pageStatement(index: String, from start: PageStart) -> String {
        let position =
            switch start {
            case .first: ""
            case .laterInSecond: " AND created_at = ? AND sequence > ?"
            case .afterSecond: " AND created_at > ?"
            }
        return """
            SELECT created_at, sequence FROM \(source) INDEXED BY \(index)
            WHERE \(conditions.joined(separator: " AND "))\(position) ORDER BY created_at, sequence LIMIT ? OFFSET ?
            """
    }

    private mutating func add(_ filter: SecretQuery.Filter) {
        // No stored text holds what cannot be stored, nor may it be cut off to match one.
        let values = filter.values.filter(StorableText.allows)
        for text in [filter.field.rawValue] + values { fingerprint += Array(text.utf8) + [0] }
        guard !values.isEmpty else { return conditions.append("FALSE") }

        // The trigram index answers from three characters on. What it finds is compared all the same.
        if values.count <= Self.mostPhrases, values.allSatisfy({ $0.unicodeScalars.count >= 3 }) {
            source = "secret_search CROSS JOIN secrets ON secrets.sequence = secret_search.rowid"
            let phrases = values.map { "\"" + Self.beginning(of: $0).replacing("\"", with: "\"\"") + "\"" }
            conditions.append("secret_search MATCH ?")
            arguments += ["\(Self.searchColumn(for: filter.field)) : (\(phrases.joined(separator: " OR ")))"]
        }
        conditions.append(Self.condition(on: filter.field))
        arguments += [Self.list(of: values)]
    }

    /// The texts as one argument: SQLite allows neither conditions nor arguments as many as a caller can ask for.
    private static func list(of texts: [String]) -> String {
        // Strings can always be encoded.
        (try? JSONEncoder().encode(texts)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }

    private static func beginning(of text: String) -> String {
        var beginning = String.UnicodeScalarView()
        beginning.append(contentsOf: text.unicodeScalars.prefix(mostIndexed))
        return String(beginning)
    }

    private static func searchColumn(for field: SecretQuery.Field) -> String {
        switch field {
        case .name: "name"
        case .description: "description"
        case .tagKey: "tag_keys"
        case .tagValue: "tag_values"
        }
    }

    private static func condition(on field: SecretQuery.Field) -> String {
        func holds(_ column: String) -> String {
            "EXISTS (SELECT 1 FROM json_each(?) AS wanted WHERE instr(\(column), wanted.value) > 0)"
        }
        func isTagged(_ column: String) -> String {
            "EXISTS (SELECT 1 FROM secret_tags WHERE secret = secrets.sequence AND \(holds(column)))"
        }
        return switch field {
        case .name: holds("secrets.name")
        case .description: holds("secrets.description")
        case .tagKey: isTagged("secret_tags.name")
        case .tagValue: isTagged("secret_tags.value")
        }
    }
}
