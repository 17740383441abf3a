import ClavigerCore
import GRDB
import Testing

@testable import ClavigerStoreSQLite

@Suite struct GrantPlanTests {
    /// The three ways in which a grant is found, each along its index.
    private static let searches = [
        "SEARCH grants USING COVERING INDEX grants_by_retiring_identity "
            + "(account=? AND realm=? AND retiring_identity=?)",
        "SEARCH grants USING COVERING INDEX grants_by_retiring_grantee (account=? AND realm=? AND grantee=?)",
        "SEARCH grants USING COVERING INDEX grants_by_retiring_grantee (account=? AND realm=? AND grantee=?)",
    ]

    @Test func `What an identity may give up is read along indexes alone, and merged without sorting`() async throws {
        let plan = try await plan(
            SQLiteKeyStore.retirablePageStatement,
            ["account": 1, "realm": "south", "identity": "x", "limit": 1, "offset": 2])
        #expect(plan.filter { $0.hasPrefix("SEARCH") } == Self.searches)
        #expect(plan.contains("MERGE (UNION ALL)"), "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") }, "\(plan)")
    }

    @Test func `What an identity may give up is counted along indexes alone`() async throws {
        let plan = try await plan(
            SQLiteKeyStore.retirableCountStatement, ["account": 1, "realm": "south", "identity": "x"])
        #expect(plan.filter { $0.hasPrefix("SEARCH") } == Self.searches)
        #expect(!plan.contains { $0.hasPrefix("SCAN grants") || $0.contains("TEMP B-TREE") }, "\(plan)")
    }

    @Test func `The grants of a key are read along an index, without sorting`() async throws {
        let plan = try await plan(GrantRow.ofKeyStatement, [1])
        #expect(
            plan == [
                "SEARCH keys USING INTEGER PRIMARY KEY (rowid=?)", "SEARCH grants USING INDEX grants_of_key (key=?)",
            ])
    }

    @Test(
        arguments: [
            ("DELETE FROM grants WHERE id = 'x' AND key = 1", "grants_1 (id=?)"),
            ("DELETE FROM keys WHERE sequence = 1", "grants_of_key (key=?)"),
        ])
    func `A grant that goes is found by an index`(statement: String, index: String) async throws {
        let plan = try await plan(statement, [])
        #expect(plan.contains { $0.hasPrefix("SEARCH grants USING ") && $0.hasSuffix(index) }, "\(plan)")
        #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
    }

    private func plan(_ sql: String, _ arguments: StatementArguments) async throws -> [String] {
        let directory = try TemporaryDirectory()
        let store = try SQLiteKeyStore(path: directory.database)
        return try await store.pool.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments).map { $0["detail"] }
        }
    }
}
