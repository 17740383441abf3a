import ClavigerCore
import Testing

extension KeyStoreContract {
    static let filters = [
        Check("Every filter, alone and combined with every other, selects what it says") { store async throws in
            let scope = SampleKey.scope()
            let keys = everySort(in: scope)
            try await store.insert(keys)
            for role in [nil, .user, .product] as [KeyQuery.Role?] {
                for states in [nil, [], [.enabled], [.disabled, .pendingImport]] as [Set<KeyState>?] {
                    for purposes in [nil, [], [aes], [aes, rsa]] as [Set<KeyQuery.Purpose>?] {
                        for origin in [nil, .generated, .external] as [KeyOrigin?] {
                            for tagFilters in [[], [KeyQuery.TagFilter(key: "even", values: [])]] {
                                for (search, project) in [
                                    (nil, nil), ("key 1", nil), ("1", nil), (nil, "ep"), (nil, "0"), ("key 1", "ep"),
                                ] as [(String?, String?)] {
                                    var query = KeyQuery(scope: scope)
                                    query.role = role
                                    query.states = states
                                    query.purposes = purposes
                                    query.origin = origin
                                    query.tagFilters = tagFilters
                                    query.search = search
                                    query.enterpriseProject = project
                                    let expected = keys.reversed().filter { key in
                                        (role.map { $0 == .user } ?? (key.owner == .user)) == (key.owner == .user)
                                            && (states?.contains(key.state) ?? true)
                                            && (purposes?.contains { $0.spec == key.spec && $0.usage == key.usage }
                                                ?? true)
                                            && (origin ?? key.origin) == key.origin
                                            && (tagFilters.isEmpty || !key.tags.isEmpty)
                                            && (project ?? key.enterpriseProject) == key.enterpriseProject
                                            && (search.map { "\(key.id) \(key.primaryName)".contains($0) } ?? true)
                                    }
                                    let page = try await store.list(query, offset: 0, limit: 1000)
                                    #expect(page.keys.map(\.id) == expected.map(\.id), "\(query)")
                                    #expect(page.total == expected.count, "\(query)")
                                    let second = try await store.list(query, offset: 3, limit: 2)
                                    #expect(
                                        second.keys.map(\.id) == expected.dropFirst(3).prefix(2).map(\.id), "\(query)")
                                }
                            }
                        }
                    }
                }
            }
        },
        Check("A total follows every change of state") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2", "3"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            var query = KeyQuery(scope: scope)
            query.states = [.disabled]
            #expect(try await store.list(query, offset: 0, limit: 9).total == 0)
            _ = try await store.update([keys[0].id, keys[2].id], in: scope) { key throws(KMSError) in try key.disable()
            }
            #expect(try await store.list(query, offset: 0, limit: 9).total == 2)
            #expect(try await store.aliases(query) == ["3", "1"])
            _ = try await store.update([keys[0].id], in: scope) { key throws(KMSError) in try key.enable() }
            #expect(try await store.list(query, offset: 0, limit: 9).total == 1)
            query.states = [.enabled]
            #expect(try await store.aliases(query) == ["2", "1"])
        },
        Check("A total over both roles and of an enterprise project follows every change of state, and deletions") {
            store async throws in
            let scope = SampleKey.scope()
            let keys = (0..<6).map { number in
                SampleKey.make(
                    "\(number)", in: scope, owner: number == 5 ? .product("cos") : .user,
                    state: number == 0 ? .pendingDeletion : .enabled,
                    deletionDate: number == 0 ? SampleKey.moment : nil,
                    enterpriseProject: number.isMultiple(of: 2) ? "even" : "odd")
            }
            try await store.insert(keys)
            func expect(
                _ project: String?, _ role: KeyQuery.Role?, _ states: Set<KeyState>?, _ expected: [String],
                sourceLocation: SourceLocation = #_sourceLocation
            ) async throws {
                var query = KeyQuery(scope: scope)
                query.role = role
                query.states = states
                query.enterpriseProject = project
                let page = try await store.list(query, offset: 0, limit: 9)
                #expect(page.keys.map(\.primaryName) == expected, sourceLocation: sourceLocation)
                #expect(page.total == expected.count, sourceLocation: sourceLocation)
            }
            try await expect(nil, nil, nil, ["5", "4", "3", "2", "1", "0"])
            try await expect("odd", nil, nil, ["5", "3", "1"])
            try await expect("odd", .user, [.enabled], ["3", "1"])
            try await expect("even", nil, [.disabled], [])
            try await expect("even\u{0}", nil, nil, [])
            try await expect("EVEN", nil, nil, [])
            _ = try await store.update([keys[1].id, keys[4].id], in: scope) { key throws(KMSError) in
                try key.disable()
            }
            try await expect("odd", .user, [.enabled], ["3"])
            try await expect("odd", nil, [.enabled], ["5", "3"])
            try await expect("even", nil, [.disabled], ["4"])
            try await expect(nil, nil, [.disabled], ["4", "1"])
            _ = try await store.deleteKey(keys[0].id, dueAt: SampleKey.moment)
            try await expect("even", nil, nil, ["4", "2"])
            try await expect(nil, nil, [.pendingDeletion], [])
            _ = try await store.update([keys[1].id], in: scope) { key throws(KMSError) in try key.enable() }
            try await expect("odd", nil, [.enabled], ["5", "3", "1"])
        },
        Check("A key is found by its alias, in every byte, together with other filters, and after it is renamed") {
            store async throws in
            let scope = SampleKey.scope()
            let aliases = ["app", "App", "app 2", "\u{e9}", "e\u{301}"]
            let keys = aliases.map {
                SampleKey.make($0, in: scope, tags: $0 == "app" ? [KeyTag(key: "a", value: "b")] : [])
            }
            try await store.insert(keys + [SampleKey.make("kms/default", in: scope, owner: .product("kms"))])
            try await store.insert([
                SampleKey.make("elsewhere", in: KeyScope(account: scope.account, realm: RealmID("east")))
            ])
            func expect(
                _ alias: String, _ expected: [String], sourceLocation: SourceLocation = #_sourceLocation,
                _ further: (inout KeyQuery) -> Void = { _ in }
            ) async throws {
                var query = KeyQuery(scope: scope)
                query.alias = alias
                further(&query)
                let page = try await store.list(query, offset: 0, limit: 9)
                let found = page.keys.map { Array($0.primaryName.utf8) }
                #expect(found == expected.map { Array($0.utf8) }, sourceLocation: sourceLocation)
                #expect(page.total == expected.count, sourceLocation: sourceLocation)
                let past = try await store.list(query, offset: 1, limit: 9)
                #expect(past.keys.isEmpty && past.total == expected.count, sourceLocation: sourceLocation)
            }
            for alias in aliases { try await expect(alias, [alias]) }
            for alias in ["ap", "app ", "app\u{0}", "", "%", "APP", "elsewhere"] { try await expect(alias, []) }
            try await expect("kms/default", [])
            try await expect("kms/default", ["kms/default"]) { $0.role = nil }
            try await expect("app", []) { $0.role = .product }
            try await expect("app", ["app"]) { $0.states = [.enabled] }
            try await expect("app", []) { $0.states = [.disabled] }
            try await expect("app", []) { $0.enterpriseProject = "other" }
            for search in ["p", "app"] {
                try await expect("app", ["app"]) { $0.search = search }
                try await expect("App", search == "p" ? ["App"] : []) { $0.search = search }
            }
            let tagged = [KeyQuery.TagFilter(key: "a", values: ["b"])]
            try await expect("app", ["app"]) { $0.tagFilters = tagged }
            try await expect("app 2", []) { $0.tagFilters = tagged }

            _ = try await store.update([keys[0].id], in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "new"))
            }
            try await expect("app", [])
            try await expect("new", ["new"])
        },
        Check("All tag filters must hold, each by any of its values, or by its key alone") { store async throws in
            let scope = SampleKey.scope()
            let tags: [(String, [(String, String)])] = [
                ("a", [("env", "prod"), ("team", "red")]), ("b", [("env", "prod"), ("team", "blue")]),
                ("c", [("env", "test"), ("team", "red")]), ("d", [("env", "")]), ("e", []), ("f", [("Env", "prod")]),
            ]
            try await store.insert(
                tags.map { alias, tags in
                    SampleKey.make(alias, in: scope, tags: tags.map { KeyTag(key: $0.0, value: $0.1) })
                })
            try await store.insert([
                SampleKey.make("x", in: SampleKey.scope(), tags: [KeyTag(key: "env", value: "prod")])
            ])
            let cases: [([(String, [String])], [String])] = [
                ([("env", [])], ["d", "c", "b", "a"]),
                ([("env", ["prod"])], ["b", "a"]),
                ([("env", ["prod", "test"])], ["c", "b", "a"]),
                ([("env", [""])], ["d"]),
                ([("env", ["prod"]), ("team", ["red"])], ["a"]),
                ([("env", ["prod", "test"]), ("team", ["red", "green"])], ["c", "a"]),
                ([("env", []), ("team", ["blue"])], ["b"]),
                ([("env", ["prod"]), ("env", ["test"])], []),
                ([("env", ["PROD", "pro", "prod ", "%", "prod\u{0}"])], []),
                ([("env\u{0}", [])], []),
                ([("Env", [])], ["f"]),
                ([("absent", [])], []),
            ]
            for (filters, expected) in cases {
                var query = KeyQuery(scope: scope)
                query.tagFilters = filters.map { KeyQuery.TagFilter(key: $0.0, values: $0.1) }
                #expect(try await store.aliases(query) == expected, "\(filters)")
                #expect(try await store.list(query, offset: 0, limit: 1).total == expected.count, "\(filters)")
            }
        },
    ]

    private static let aes = KeyQuery.Purpose(spec: .aes256, usage: .encryptDecrypt)
    private static let rsa = KeyQuery.Purpose(spec: .rsa2048, usage: .signVerify)

    /// Keys of every owner, state and origin and of several purposes; every second has a tag, every third an enterprise project.
    private static func everySort(in scope: KeyScope) -> [Key] {
        var keys: [Key] = []
        for owner in [KeyOwner.user, .product("cos")] {
            for state in KeyState.allCases {
                for origin in KeyOrigin.allCases {
                    for (spec, usage) in [
                        (.aes256, .encryptDecrypt), (.rsa2048, .encryptDecrypt), (.rsa2048, .signVerify),
                    ]
                        as [(KeySpec, KeyUsage)]
                    {
                        let number = keys.count
                        keys.append(
                            SampleKey.make(
                                "key \(number)", in: scope, spec: spec, usage: usage, origin: origin, owner: owner,
                                state: state, enterpriseProject: number.isMultiple(of: 3) ? "ep" : "0",
                                tags: number.isMultiple(of: 2) ? [KeyTag(key: "even", value: "\(number)")] : []))
                    }
                }
            }
        }
        return keys
    }
}
