import ClavigerCore
import ClavigerTesting
import GRDB
import Testing

@testable import ClavigerStoreSQLite

@Suite struct SecretPlanTests {
    private let directory: TemporaryDirectory
    private let store: SQLiteKeyStore
    private let scope = SampleKey.scope()

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteKeyStore(path: directory.database)
    }

    @Test(
        arguments: zip(
            PageStart.allCases, ["", " AND created_at=? AND rowid>?", " AND created_at>?"]))
    func `A page is read along a covering index, from where it starts, without sorting`(
        start: PageStart, bound: String
    ) async throws {
        let selection = SecretSelection(SecretQuery(scope: scope))
        #expect(selection.isInOrder)
        let position: StatementArguments =
            switch start {
            case .first: []
            case .laterInSecond: [1, 2]
            case .afterSecond: [1]
            }
        let plan = try await plan(
            selection.pageStatement(index: SecretSelection.index, from: start), selection.arguments + position + [3, 4])
        let search = "SEARCH secrets USING COVERING INDEX secrets_by_creation (account=? AND realm=?"
        // SQLite may call the sequence by its name or by what it is.
        let spelled = plan.map { $0.replacing("sequence>?", with: "rowid>?") }
        #expect(spelled == [search + bound + ")"])
        #expect(
            try await self.plan(selection.countStatement, selection.arguments) == [
                "SEARCH secret_counts USING PRIMARY KEY (account=? AND realm=?)"
            ])
    }

    @Test(arguments: SecretQuery.Field.allCases, [["abc"], ["abc", "defg"], ["ab"], ["ab", "abc"]])
    func `A filter is answered by the index of texts, or else within the scope`(
        field: SecretQuery.Field, values: [String]
    ) async throws {
        let filter = SecretQuery.Filter(field: field, values: values)
        let selection = SecretSelection(SecretQuery(scope: scope, filter: filter))
        #expect(!selection.isInOrder)
        let plan = try await plan(selection.collectionStatement, selection.arguments)
        if values.contains("ab") {
            let isInScope = plan[0].hasSuffix("INDEX secrets_by_creation (account=? AND realm=?)")
            #expect(isInScope, "\(plan)")
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
        } else {
            let isByText = plan[0].hasPrefix("SCAN secret_search VIRTUAL TABLE INDEX 0:M")
            #expect(isByText && plan[1] == "SEARCH secrets USING INTEGER PRIMARY KEY (rowid=?)", "\(plan)")
        }
        #expect(!plan.contains { $0.hasPrefix("SCAN secrets") || $0.hasPrefix("SCAN secret_tags") }, "\(plan)")
    }

    @Test(
        arguments: [
            (
                SQLiteKeyStore.dueSecretsStatement, [1, 2],
                "SEARCH secrets USING COVERING INDEX secrets_by_deletion_date (deletion_date<?)"
            ),
            (
                SecretRow.versionsStatement, [1],
                "SEARCH secret_versions USING COVERING INDEX versions_of_secret (secret=?)"
            ),
            (SecretRow.stagesStatement, [1], "SEARCH secret_stages USING PRIMARY KEY (secret=?)"),
            (
                SecretRow.valueStatement, [1, "v1"],
                "SEARCH secret_versions USING INDEX sqlite_autoindex_secret_versions_1 (secret=? AND id=?)"
            ),
            (
                "SELECT name, value FROM secret_tags WHERE secret = ? ORDER BY ordinal", [1],
                "SEARCH secret_tags USING PRIMARY KEY (secret=?)"
            ),
            (
                "SELECT * FROM secrets WHERE account = ? AND realm = ? AND name = ?", [1, "south", "app"],
                "SEARCH secrets USING INDEX sqlite_autoindex_secrets_2 (account=? AND realm=? AND name=?)"
            ),
        ] as [(String, StatementArguments, String)])
    func `What belongs to a secret is found by an index and never sorted`(
        statement: String, arguments: StatementArguments, expected: String
    ) async throws {
        #expect(try await plan(statement, arguments) == [expected])
    }

    @Test(
        arguments: [
            ("DELETE FROM secrets WHERE sequence = 1", ["secret_versions", "secret_tags"]),
            ("DELETE FROM secret_versions WHERE secret = 1 AND id = 'v1'", ["secret_stages"]),
        ])
    func `What goes with a secret is found by indexes`(statement: String, tables: [String]) async throws {
        let plan = try await plan(statement, [])
        for table in tables { #expect(plan.contains { $0.hasPrefix("SEARCH \(table) ") }, "\(plan)") }
        #expect(plan.allSatisfy { $0.hasPrefix("SEARCH ") || $0.hasPrefix("SCAN secret_search VIRTUAL") }, "\(plan)")
    }

    @Test func `A page goes on where the one before ended, without counting its way, until the list changes`()
        async throws
    {
        for number in 0..<9 {
            let secret = SampleSecret.make("\(number)", in: scope, createdAt: Timestamp(seconds: Int64(number / 3)))
            try await store.insert(secret, value: SampleSecret.value(1), limit: 9)
        }
        func page(_ offset: Int) async throws -> [String] {
            try await store.listSecrets(SecretQuery(scope: scope), offset: offset, limit: 2).secrets.map(\.name.text)
        }
        #expect(try await page(0) == ["0", "1"])
        // Whoever counted from the start would notice.
        try await store.pool.write { database in
            try database.execute(sql: "DROP TRIGGER secrets_deleted")
            try database.execute(sql: "DELETE FROM secrets WHERE name = '0'")
        }
        #expect(try await page(2) == ["2", "3"])
        #expect(try await page(4) == ["4", "5"])
        try await store.pool.write { try $0.execute(sql: "UPDATE secret_counts SET revision = revision + 1") }
        #expect(try await page(2) == ["3", "4"])
    }

    @Test func `A filter is worked out once for all its pages`() async throws {
        for number in 0..<6 {
            let secret = SampleSecret.make("secret \(number)", in: scope)
            try await store.insert(secret, value: SampleSecret.value(1), limit: 9)
        }
        for value in ["secret", "t "] {
            let query = SecretQuery(scope: scope, filter: SecretQuery.Filter(field: .name, values: [value]))
            func page(_ offset: Int) async throws -> [String] {
                try await store.listSecrets(query, offset: offset, limit: 2).secrets.map {
                    String($0.name.text.suffix(1))
                }
            }
            #expect(try await page(0) == ["0", "1"])
            // Whoever looked again would find none.
            try await store.pool.write { try $0.execute(sql: "UPDATE secrets SET name = 'renamed ' || sequence") }
            #expect(try await store.listSecrets(query, offset: 2, limit: 2).total == 6)
            try await store.pool.write { database in
                try database.execute(sql: "UPDATE secret_counts SET revision = revision + 1")
            }
            #expect(try await page(2) == [])
            try await store.pool.write { database in
                try database.execute(sql: "UPDATE secrets SET name = 'secret ' || (sequence - 1)")
                try database.execute(sql: "UPDATE secret_counts SET revision = revision + 1")
            }
        }
    }

    @Test func `Selections that differ in one byte have different fingerprints`() {
        func fingerprint(_ field: SecretQuery.Field, _ values: [String], in scope: KeyScope? = nil) -> [UInt8] {
            let filter = SecretQuery.Filter(field: field, values: values)
            return SecretSelection(SecretQuery(scope: scope ?? self.scope, filter: filter)).fingerprint
        }
        let all =
            SecretQuery.Field.allCases.map { fingerprint($0, ["a"]) } + [
                SecretSelection(SecretQuery(scope: scope)).fingerprint, fingerprint(.name, []),
                fingerprint(.name, ["a", "b"]), fingerprint(.name, ["ab"]), fingerprint(.name, ["\u{e9}"]),
                fingerprint(.name, ["e\u{301}"]), fingerprint(.name, [""]), fingerprint(.name, ["", ""]),
                fingerprint(.name, ["a"], in: SampleKey.scope()),
                fingerprint(.name, ["a"], in: KeyScope(account: scope.account, realm: RealmID("east"))),
            ]
        #expect(Set(all).count == all.count)
    }

    private func plan(_ sql: String, _ arguments: StatementArguments) async throws -> [String] {
        try await store.pool.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments).map { $0["detail"] }
        }
    }
}
