package import ClavigerCore
import GRDB

extension SQLiteKeyStore {
    package func tags(in scope: KeyScope) async throws(KMSError) -> [(key: String, values: [String])] {
        try await read { database in
            var tags: [(key: String, values: [String])] = []
            for row in try database.rows(Self.tagsStatement, [scope.account.number, scope.realm.name]) {
                let (name, value): (String, String) = (row["name"], row["value"])
                // Swift takes equivalent spellings of a text for equal; here they are different texts.
                if let last = tags.last, last.key.utf8.elementsEqual(name.utf8) {
                    tags[tags.count - 1].values.append(value)
                } else {
                    tags.append((name, [value]))
                }
            }
            return tags
        }
    }

    /// The statement that gives the distinct tags in the order of their bytes, which is that of the index.
    static let tagsStatement =
        "SELECT DISTINCT name, value FROM tags WHERE account = ? AND realm = ? ORDER BY name, value"

    /// Gives the key with this number tags in the place of those that it has.
    static func replaceTags(of key: Key, by tags: [KeyTag], _ database: Database) throws {
        try database.run("DELETE FROM tags WHERE key = ?", [key.sequence])
        try insert(tags, of: key.sequence, in: key.scope, database)
    }

    static func insert(_ tags: [KeyTag], of sequence: Int64, in scope: KeyScope, _ database: Database) throws {
        for (ordinal, tag) in tags.enumerated() {
            try StorableText.require(tag.key, tag.value)
            try database.run(
                "INSERT INTO tags (key, ordinal, account, realm, name, value) VALUES (?, ?, ?, ?, ?, ?)",
                [sequence, ordinal, scope.account.number, scope.realm.name, tag.key, tag.value])
        }
    }
}
