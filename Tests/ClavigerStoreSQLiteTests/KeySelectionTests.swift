import ClavigerCore
import ClavigerTesting
import GRDB
import Testing

@testable import ClavigerStoreSQLite

@Suite struct KeySelectionTests {
    private static let queries: [KeyQuery] = {
        let scope = SampleKey.scope()
        var queries: [KeyQuery] = []
        let roles: [(KeyQuery.Role?, String?)] = [(.user, nil), (.product, "ep"), (nil, nil), (nil, "ep")]
        for order in [KeyQuery.Order.newestFirst, .oldestFirst] {
            for states in [nil, [.enabled], [.enabled, .disabled]] as [Set<KeyState>?] {
                for purposes in [
                    nil, [.init(spec: .aes256, usage: .encryptDecrypt), .init(spec: .sm2, usage: .signVerify)],
                ]
                    as [Set<KeyQuery.Purpose>?]
                {
                    for origin in [nil, .external] as [KeyOrigin?] {
                        for (role, enterpriseProject) in roles {
                            var query = KeyQuery(scope: scope)
                            query.role = role
                            query.order = order
                            query.states = states
                            query.purposes = purposes
                            query.origin = origin
                            query.enterpriseProject = enterpriseProject
                            queries.append(query)
                        }
                    }
                }
            }
        }
        return queries
    }()

    @Test(arguments: queries)
    func `A page is read along a covering index, from where it starts, without sorting`(query: KeyQuery) async throws {
        let selection = KeySelection(query)
        guard case .inOrder(let index) = selection.access else {
            Issue.record("the query is not read in order")
            return
        }
        let starts: [(PageStart, StatementArguments, String)] = [
            (.first, [], ""), (.laterInSecond, [1, 2], " AND created_at=? AND sequence"),
            (.afterSecond, [1], " AND created_at"),
        ]
        let comparison = query.order == .newestFirst ? "<?" : ">?"
        let hasOneState = query.states?.count == 1
        #expect(
            index == (query.role == nil ? "all_keys_by_" : "keys_by_") + (hasOneState ? "state" : "creation"))
        let role = query.role == nil ? "" : " AND role=?"
        for (start, position, bound) in starts {
            let plan = try await plan(
                selection.pageStatement(index: index, from: start), selection.arguments + position + [3, 4])
            let state = hasOneState ? " AND state=?" : ""
            let bound = bound.isEmpty ? "" : bound + comparison
            #expect(
                plan == ["SEARCH keys USING COVERING INDEX \(index) (account=? AND realm=?\(role)\(state)\(bound))"])
        }
        #expect(
            try await plan(selection.countStatement, selection.arguments).allSatisfy {
                $0.hasPrefix("SEARCH key_counts USING PRIMARY KEY (account=? AND realm=?\(role)")
            })
    }

    @Test(arguments: ["ab", "abc"], [0, 1, 2])
    func `What is found by text or tags is found by an index`(search: String, tags: Int) async throws {
        var query = KeyQuery(scope: SampleKey.scope())
        query.search = search
        query.tagFilters = (0..<tags).map { KeyQuery.TagFilter(key: "k", values: Array(repeating: "v", count: $0)) }
        for query in tags == 0 ? [query] : [query, query.withoutSearch] {
            let selection = KeySelection(query)
            let plan = try await plan(selection.collectionStatement, selection.arguments)
            #expect(!plan.contains { $0.hasPrefix("SCAN keys") || $0.hasPrefix("SCAN tags") }, "\(plan)")
            let scansText = plan.contains { $0 == "SCAN key_search VIRTUAL TABLE INDEX 0:" }
            #expect(!scansText, "\(plan)")
        }
    }

    @Test(arguments: [nil, .user, .product] as [KeyQuery.Role?], [nil, "ab", "abc"])
    func `A key of one alias is found by it, whatever else is asked`(role: KeyQuery.Role?, search: String?) async throws
    {
        var query = KeyQuery(scope: SampleKey.scope())
        query.role = role
        query.alias = "app"
        query.states = [.enabled]
        query.enterpriseProject = "ep"
        query.search = search
        for tagFilters in [[], [KeyQuery.TagFilter(key: "k", values: ["v"])]] {
            query.tagFilters = tagFilters
            let selection = KeySelection(query)
            #expect(selection.access == .collected)
            let plan = try await plan(selection.collectionStatement, selection.arguments)
            #expect(plan.contains("SEARCH keys USING INTEGER PRIMARY KEY (rowid=?)"), "\(plan)")
            let holder = "SEARCH aliases USING INDEX sqlite_autoindex_aliases_1 (account=? AND realm=? AND name=?)"
            #expect(plan.contains(holder), "\(plan)")
            #expect(!plan.contains { $0.hasPrefix("SCAN keys") || $0.hasPrefix("SCAN aliases") }, "\(plan)")
            #expect(!plan.contains("SCAN key_search VIRTUAL TABLE INDEX 0:"), "\(plan)")
        }
    }

    @Test func `Selections that differ in one byte have different fingerprints`() {
        let scope = SampleKey.scope()
        func fingerprint(_ search: String, _ tags: [(String, [String])] = []) -> [UInt8] {
            var query = KeyQuery(scope: scope)
            query.search = search
            query.tagFilters = tags.map { KeyQuery.TagFilter(key: $0.0, values: $0.1) }
            return KeySelection(query).fingerprint
        }
        let all = [
            fingerprint("\u{e9}"), fingerprint("e\u{301}"), fingerprint("a"), fingerprint("abc"), fingerprint(""),
            fingerprint("a\u{0}"), fingerprint("a", [("b", [])]), fingerprint("a", [("b", ["c"])]),
            fingerprint("a", [("b", []), ("c", [])]), fingerprint("a", [("b", ["c", "d"])]),
            fingerprint("a", [("bc", ["d"])]),
        ]
        #expect(Set(all).count == all.count)

        func fingerprint(_ role: KeyQuery.Role?, _ project: String? = nil, alias: String? = nil) -> [UInt8] {
            var query = KeyQuery(scope: scope)
            query.role = role
            query.enterpriseProject = project
            query.alias = alias
            return KeySelection(query).fingerprint
        }
        let others = [
            fingerprint(nil), fingerprint(.user), fingerprint(.product), fingerprint(nil, "a"), fingerprint(.user, "a"),
            fingerprint(nil, "\u{e9}"), fingerprint(nil, "e\u{301}"), fingerprint(nil, alias: "a"),
            fingerprint(nil, alias: "\u{e9}"), fingerprint(nil, alias: "e\u{301}"), fingerprint(nil, "a", alias: "b"),
            fingerprint(nil, "b", alias: "a"), fingerprint(nil, alias: ""), fingerprint(nil, "", alias: ""),
        ]
        #expect(Set(others).count == others.count)
        #expect(fingerprint("a") == fingerprint("a"))
    }

    private func plan(_ sql: String, _ arguments: StatementArguments) async throws -> [String] {
        let directory = try TemporaryDirectory()
        let store = try SQLiteKeyStore(path: directory.database)
        return try await store.pool.read { database in
            try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + sql, arguments: arguments).map { $0["detail"] }
        }
    }
}

extension KeyQuery {
    fileprivate var withoutSearch: KeyQuery {
        var query = self
        query.search = nil
        return query
    }
}
