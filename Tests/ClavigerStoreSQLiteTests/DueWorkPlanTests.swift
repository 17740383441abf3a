import ClavigerCore
import GRDB
import Testing

@testable import ClavigerStoreSQLite

@Suite struct DueWorkPlanTests {
    @Test(
        arguments: zip(
            DueWork.allCases,
            [
                ("keys_by_deletion_date", "deletion_date"), ("keys_by_next_rotation", "next_rotation"),
                ("keys_by_material_expiry", "material_expiry"),
            ]))
    func `Due keys are found along their index, without sorting`(
        work: DueWork, index: (name: String, column: String)
    ) async throws {
        let plan = try await plan(SQLiteKeyStore.dueStatement(for: work), [1, 2])
        #expect(plan == ["SEARCH keys USING COVERING INDEX \(index.name) (\(index.column)<?)"])
    }

    @Test(
        arguments: [
            ("expires_at <= 1", "import_parameters_by_expiry (expires_at<?)"),
            ("key = 1", "import_parameters_of_key (key=?)"),
        ])
    func `Import parameters that go are found by an index`(condition: String, expected: String) async throws {
        let plan = try await plan("DELETE FROM import_parameters WHERE \(condition)", [])
        #expect(plan.count == 1 && plan[0].hasSuffix("INDEX \(expected)"), "\(plan)")
    }

    private func plan(_ sql: String, _ arguments: StatementArguments) async throws -> [String] {
        let directory = try TemporaryDirectory()
        let store = try SQLiteKeyStore(path: directory.database)
        return try await store.pool.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments).map { $0["detail"] }
        }
    }
}
