import ClavigerCore
import Testing

extension KeyStoreContract {
    static let lists = [
        Check("Newest come first unless the oldest are asked for; of one second, by sequence") { store async throws in
            let scope = SampleKey.scope()
            for (alias, second) in [("a", 5), ("b", 7), ("c", 5), ("d", 6), ("e", 7)] as [(String, Int64)] {
                try await store.insert([SampleKey.make(alias, in: scope, createdAt: Timestamp(seconds: second))])
            }
            var query = KeyQuery(scope: scope)
            #expect(try await store.aliases(query) == ["e", "b", "d", "c", "a"])
            query.order = .oldestFirst
            #expect(try await store.aliases(query) == ["a", "c", "d", "b", "e"])
        },
        Check("Pages follow one another, each with the total, and none is past the end") { store async throws in
            let scope = SampleKey.scope()
            // Of one second, of several, and with a clock that went back.
            let seconds = (0..<25).map { $0 < 8 ? 100 : 100 + Int64($0 * 7 % 5) }
            try await store.insert(
                seconds.enumerated().map { SampleKey.make("\($0)", in: scope, createdAt: Timestamp(seconds: $1)) })
            for query in orders(of: KeyQuery(scope: scope)) + orders(of: searching("", in: scope)) {
                let all = try await store.aliases(query)
                #expect(all.count == 25)
                var read: [String] = []
                for limit in [1, 3, 10] {
                    read = []
                    for offset in stride(from: 0, to: 40, by: limit) {
                        let page = try await store.list(query, offset: offset, limit: limit)
                        #expect(page.total == 25)
                        read += page.keys.map(\.primaryName)
                    }
                    #expect(read == all)
                }
                #expect(try await store.aliases(query, offset: 7, limit: 3) == Array(all[7..<10]))
                #expect(try await store.aliases(query, offset: 25, limit: 3) == [])
                #expect(try await store.list(query, offset: 1_000_000, limit: 1).total == 25)
                let none = try await store.list(query, offset: 0, limit: 0)
                #expect(none.keys.isEmpty && none.total == 25)
            }
        },
        Check("Pages of users' and products' keys together follow one another, with one state too") {
            store async throws in
            let scope = SampleKey.scope()
            // Of one second, of several, and with a clock that went back.
            let keys = (0..<25).map { (number: Int) -> Key in
                SampleKey.make(
                    "\(number)", in: scope, owner: number % 3 == 1 ? .product("cos") : .user,
                    createdAt: Timestamp(seconds: number < 8 ? 100 : 100 + Int64(number * 7 % 5)),
                    state: number % 4 == 1 ? .disabled : .enabled, enterpriseProject: "\(number % 2)")
            }
            try await store.insert(keys)
            // The sort is stable, so those of one second stay in the order in which they came.
            let sorted = keys.sorted { $0.createdAt < $1.createdAt }
            for states in [nil, [.enabled], [.disabled], [.enabled, .disabled]] as [Set<KeyState>?] {
                for project in [nil, "1"] {
                    var query = KeyQuery(scope: scope)
                    query.role = nil
                    query.states = states
                    query.enterpriseProject = project
                    let ofState = sorted.filter { states?.contains($0.state) ?? true }
                    let oldestFirst: [String] = ofState.filter { project == nil || $0.enterpriseProject == project }
                        .map(\.primaryName)
                    for query in orders(of: query) {
                        let expected = query.order == .oldestFirst ? oldestFirst : oldestFirst.reversed()
                        for limit in [1, 3, 100] {
                            var read: [String] = []
                            for offset in stride(from: 0, to: 30, by: limit) {
                                let page = try await store.list(query, offset: offset, limit: limit)
                                #expect(page.total == expected.count)
                                read += page.keys.map(\.primaryName)
                            }
                            #expect(read == expected, "\(query)")
                        }
                        let middle = try await store.aliases(query, offset: 5, limit: 3)
                        #expect(middle == Array(expected.dropFirst(5).prefix(3)), "\(query)")
                    }
                }
            }
        },
        Check("A page shows what has changed since the one before") { store async throws in
            let scope = SampleKey.scope()
            let keys = (0..<12).map { number in
                SampleKey.make(
                    "key \(number)", in: scope, state: number == 1 ? .pendingDeletion : .enabled,
                    deletionDate: number == 1 ? SampleKey.moment : nil, tags: [KeyTag(key: "a", value: "b")])
            }
            try await store.insert(keys)
            var tagged = KeyQuery(scope: scope)
            tagged.tagFilters = [KeyQuery.TagFilter(key: "a", values: [])]
            var queries = [KeyQuery(scope: scope), searching("key", in: scope), searching("k", in: scope), tagged]
            for index in queries.indices { queries[index].order = .oldestFirst }

            for query in queries { #expect(try await store.aliases(query, offset: 0, limit: 4).count == 4) }
            _ = try await store.deleteKey(keys[1].id, dueAt: SampleKey.moment)
            for query in queries {
                #expect(try await store.aliases(query, offset: 4, limit: 2) == ["key 5", "key 6"])
                #expect(try await store.list(query, offset: 0, limit: 1).total == 11)
            }
            _ = try await store.update([keys[6].id], in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "other"))
            }
            #expect(try await store.aliases(queries[0], offset: 4, limit: 2) == ["key 5", "other"])
            #expect(try await store.aliases(queries[1], offset: 4, limit: 2) == ["key 5", "key 7"])
            #expect(try await store.aliases(queries[3], offset: 4, limit: 2) == ["key 5", "other"])

            try await store.insert([SampleKey.make("key 12", in: scope)])
            #expect(try await store.list(queries[0], offset: 6, limit: 2).total == 12)
            #expect(try await store.aliases(queries[1], offset: 10, limit: 2) == ["key 12"])
        },
        Check("Changes of another scope do not disturb a list") { store async throws in
            let (scope, other) = (SampleKey.scope(), SampleKey.scope())
            try await store.insert((0..<6).map { SampleKey.make("\($0)", in: scope) })
            #expect(try await store.aliases(KeyQuery(scope: scope), offset: 0, limit: 3) == ["5", "4", "3"])
            try await store.insert([SampleKey.make("x", in: other)])
            #expect(try await store.aliases(KeyQuery(scope: scope), offset: 3, limit: 3) == ["2", "1", "0"])
        },
        Check("A page of a changed description shows it") { store async throws in
            let scope = SampleKey.scope()
            let keys = (0..<4).map { SampleKey.make("\($0)", in: scope) }
            try await store.insert(keys)
            _ = try await store.list(KeyQuery(scope: scope), offset: 0, limit: 2)
            _ = try await store.update([keys[0].id], in: scope) { key throws(KMSError) in try key.describe(as: "new") }
            let page = try await store.list(KeyQuery(scope: scope), offset: 2, limit: 2)
            #expect(page.keys.map(\.description) == ["", "new"])
        },
    ]

    private static func orders(of query: KeyQuery) -> [KeyQuery] {
        var reversed = query
        reversed.order = .oldestFirst
        return [query, reversed]
    }

    static func searching(_ text: String, in scope: KeyScope) -> KeyQuery {
        var query = KeyQuery(scope: scope)
        query.search = text
        return query
    }
}
