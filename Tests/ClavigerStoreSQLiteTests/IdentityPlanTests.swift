import ClavigerCore
import GRDB
import Testing

@testable import ClavigerStoreSQLite

@Suite struct IdentityPlanTests {
    private let directory: TemporaryDirectory
    private let store: SQLiteKeyStore

    init() throws {
        directory = try TemporaryDirectory()
        store = try SQLiteKeyStore(path: directory.database)
    }

    @Test func `The policies that apply to an identity are found by indexes alone`() async throws {
        let plan = try await plan(SQLiteKeyStore.applyingStatement, ["id": "x"])
        for step in [
            "SEARCH policies USING INDEX sqlite_autoindex_policies_1 (id=?)",
            "SEARCH policy_attachments USING COVERING INDEX policies_of_identity (identity=?)",
            "SEARCH group_members USING PRIMARY KEY (identity=?)",
            "SEARCH policy_attachments USING COVERING INDEX policies_of_group (group_id=?)",
        ] {
            #expect(plan.contains(step), "\(plan)")
        }
        #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
    }

    @Test(arguments: ["identities", "groups", "policies"], [true, false])
    func `A page by name is read along an index, from where it starts, without sorting`(
        table: String, isFirst: Bool
    ) async throws {
        let plan = try await plan(
            SQLiteKeyStore.pageStatement(of: table, isFirst: isFirst), isFirst ? [1, 2] : [1, "a", 2])
        #expect(plan.count == 1, "\(plan)")
        let isSearch = plan[0].hasPrefix("SEARCH \(table) USING INDEX sqlite_autoindex_\(table)_")
        #expect(isSearch && plan[0].hasSuffix(isFirst ? "(account=?)" : "(account=? AND name>?)"), "\(plan)")
    }

    @Test(arguments: ["identities", "groups", "policies"])
    func `What an account has is counted along an index alone`(table: String) async throws {
        let plan = try await plan(AccountRow.countStatement(of: table), [1])
        #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH \(table) USING COVERING INDEX "), "\(plan)")
    }

    @Test func `What a user or a group holds is counted along an index alone`() async throws {
        let groups = try await plan(SQLiteKeyStore.groupsStatement, ["x"])
        #expect(groups == ["SEARCH group_members USING PRIMARY KEY (identity=?)"])
        for (holder, index) in [
            (PolicyHolder.user("x"), "policies_of_identity (identity=?)"),
            (.group("x"), "policies_of_group (group_id=?)"),
        ] {
            let plan = try await plan(SQLiteKeyStore.attachedStatement(to: holder), ["x"])
            #expect(plan == ["SEARCH policy_attachments USING COVERING INDEX \(index)"])
        }
    }

    @Test func `A group's attachments are found by an index`() async throws {
        let plan = try await plan(SQLiteKeyStore.heldStatement, ["x"])
        #expect(plan == ["SEARCH policy_attachments USING COVERING INDEX policies_of_group (group_id=?)"])
    }

    @Test(
        arguments: [
            ("accounts", "number", ["identities", "access_keys", "projects", "groups", "policies"]),
            ("identities", "id", ["access_keys", "group_members", "policy_attachments"]),
            ("groups", "id", ["group_members", "policy_attachments"]), ("policies", "id", ["policy_attachments"]),
        ])
    func `What refers to something that goes is found by indexes`(
        table: String, column: String, referring: [String]
    ) async throws {
        let plan = try await plan("DELETE FROM \(table) WHERE \(column) = ?", ["1"])
        #expect(plan.allSatisfy { $0.hasPrefix("SEARCH ") && $0.contains(" USING ") }, "\(plan)")
        for other in referring {
            #expect(plan.contains { $0.hasPrefix("SEARCH \(other) ") }, "\(plan)")
        }
    }

    @Test func `Tokens that are no longer needed are found by an index`() async throws {
        let plan = try await plan("DELETE FROM revoked_tokens WHERE expires_at <= ?", [1])
        #expect(plan.count == 1 && plan[0].hasSuffix("INDEX revoked_tokens_by_expiry (expires_at<?)"), "\(plan)")
    }

    private func plan(_ sql: String, _ arguments: StatementArguments) async throws -> [String] {
        try await store.pool.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments).map { $0["detail"] }
        }
    }
}
