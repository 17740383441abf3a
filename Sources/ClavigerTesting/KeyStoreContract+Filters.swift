import ClavigerCore
import Testing

extension KeyStoreContract {
    static let filters = [
        Check("Every filter, alone and combined with every other, selects what it says") { store async throws in
            let scope = SampleKey.scope()
            let keys = everySort(in: scope)
            try await store.insert(keys)
            for role in [KeyQuery.Role.user, .product] {
                for states in [nil, [], [.enabled], [.disabled, .pendingImport]] as [Set<KeyState>?] {
                    for purposes in [nil, [], [aes], [aes, rsa]] as [Set<KeyQuery.Purpose>?] {
                        for origin in [nil, .generated, .external] as [KeyOrigin?] {
                            for tagFilters in [[], [KeyQuery.TagFilter(key: "even", values: [])]] {
                                for search in [nil, "key 1", "1"] {
                                    var query = KeyQuery(scope: scope)
                                    query.role = role
                                    query.states = states
                                    query.purposes = purposes
                                    query.origin = origin
                                    query.tagFilters = tagFilters
                                    query.search = search
                                    let expected = keys.reversed().filter { key in
                                        (key.owner == .user) == (role == .user)
                                            && (states?.contains(key.state) ?? true)
                                            && (purposes?.contains { $0.spec == key.spec && $0.usage == key.usage }
                                                ?? true)
                                            && (origin ?? key.origin) == key.origin
                                            && (tagFilters.isEmpty || !key.tags.isEmpty)
                                            && (search.map { "\(key.id) \(key.primaryAlias)".contains($0) } ?? true)
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

    /// Keys of every owner, state and origin and of several purposes; every second has a tag.
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
                                state: state,
                                tags: number.isMultiple(of: 2) ? [KeyTag(key: "even", value: "\(number)")] : []))
                    }
                }
            }
        }
        return keys
    }
}
