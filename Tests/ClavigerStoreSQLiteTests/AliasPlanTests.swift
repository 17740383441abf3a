import ClavigerCore
import ClavigerTesting
import GRDB
import Testing

@testable import ClavigerStoreSQLite

@Suite struct AliasPlanTests {
    @Test(
        arguments: [
            // The same for every page: what comes before is not read.
            (
                SQLiteKeyStore.aliasPageStatement, [1, "south", 2, 3, 0],
                [
                    "SEARCH aliases USING COVERING INDEX aliases_by_creation (account=? AND realm=? AND sequence>?)",
                    "CORRELATED SCALAR SUBQUERY 1", "SEARCH keys USING INTEGER PRIMARY KEY (rowid=?)",
                ]
            ),
            (
                SQLiteKeyStore.holderStatement, [1, "south", "app"],
                [
                    "SEARCH aliases USING INDEX sqlite_autoindex_aliases_1 (account=? AND realm=? AND name=?)",
                    "SEARCH keys USING INTEGER PRIMARY KEY (rowid=?)",
                ]
            ),
            (KeyRow.aliasesStatement, [1], ["SEARCH aliases USING COVERING INDEX aliases_of_key (key=?)"]),
            (
                "UPDATE aliases SET is_primary = 0 WHERE key = ? AND is_primary = 1", [1],
                ["SEARCH aliases USING INDEX aliases_of_key (key=? AND is_primary=?)"]
            ),
        ] as [(String, StatementArguments, [String])])
    func `Aliases are found by an index and never sorted`(
        statement: String, arguments: StatementArguments, expected: [String]
    ) async throws {
        let directory = try TemporaryDirectory()
        let store = try SQLiteKeyStore(path: directory.database)
        let plan = try await store.pool.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + statement, arguments: arguments)
                .map { $0["detail"] as String }
        }
        #expect(plan == expected)
    }

    @Test func `A page goes on where the one before ended, without counting its way, until an alias goes`() async throws
    {
        let directory = try TemporaryDirectory()
        let store = try SQLiteKeyStore(path: directory.database)
        let scope = SampleKey.scope()
        let key = SampleKey.make("", in: scope)
            .with(sequence: 0, bindingCount: 0, aliases: (0..<9).map { KeyAlias(checked: "\($0)") })
        try await store.insert(key, version: nil, limit: 9)
        func page(_ offset: Int) async throws -> [String] {
            try await store.aliases(in: scope, offset: offset, limit: 2).aliases.map(\.alias.name)
        }
        #expect(try await page(0) == ["0", "1"])
        // Whoever counted from the start would notice.
        try await store.pool.write { database in
            try database.execute(sql: "DROP TRIGGER aliases_deleted")
            try database.execute(sql: "DELETE FROM aliases WHERE name = '0'")
        }
        #expect(try await page(2) == ["2", "3"])
        #expect(try await page(4) == ["4", "5"])
        #expect(try await page(3) == ["4", "5"])
        try await store.pool.write { try $0.execute(sql: "UPDATE alias_counts SET revision = revision + 1") }
        #expect(try await page(2) == ["3", "4"])
    }
}
