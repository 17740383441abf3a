import ClavigerCore
import GRDB
import Testing

@testable import ClavigerStoreSQLite

@Suite struct TagPlanTests {
    @Test(
        arguments: [
            (
                SQLiteKeyStore.tagsStatement,
                "SEARCH tags USING COVERING INDEX tags_by_name (account=? AND realm=?)"
            ),
            ("DELETE FROM tags WHERE key = ?1 AND ?2 <> ''", "SEARCH tags USING PRIMARY KEY (key=?)"),
        ])
    func `Tags are found by an index and never sorted`(statement: String, expected: String) async throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteKeyStore(path: directory.database)
        let plan = try await store.pool.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + statement, arguments: [1, "south"])
                .map { $0["detail"] as String }
        }
        #expect(plan == [expected])
    }
}
