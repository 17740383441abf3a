import ClavigerCore
import Testing

extension KeyStoreContract {
    static let tags: [Check] = [
        Check("A change adds, replaces and takes away tags, keeps their order, and changes no other key's") {
            store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope, tags: [KeyTag(key: "a", value: $0)]) }
            try await store.insert(keys)
            let steps: [(added: [(String, String)], removed: [String], left: [String])] = [
                ([("z", "1"), ("c", "2"), ("b", "")], [], ["a=1", "z=1", "c=2", "b="]),
                ([("z", "3")], ["a"], ["z=3", "c=2", "b="]),
                ([("a", "4")], ["absent"], ["z=3", "c=2", "b=", "a=4"]),
                ([], ["c", "z"], ["b=", "a=4"]),
                ([], ["a", "b"], []),
                ([("b", "5")], [], ["b=5"]),
            ]
            for (added, removed, left) in steps {
                let changed = try await store.update([keys[0].id], in: scope) { key throws(KMSError) in
                    try key.addTags(added.map { KeyTag(key: $0.0, value: $0.1) }, limit: 10)
                    try key.removeTags(named: removed)
                }
                let stored = try #require(try await store.key(keys[0].id))
                #expect(stored.tags.map { "\($0.key)=\($0.value)" } == left)
                #expect(changed == [stored])
                #expect(try await store.key(keys[1].id)?.tags == keys[1].tags)
            }
        },
        Check("Another spelling of a tag is stored as it is, and beside the first") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, tags: [KeyTag(key: "a", value: "\u{e9}")])
            try await store.insert([key])
            let steps: [[(String, String)]] = [
                [("a", "e\u{301}")], [("a", "e\u{301}"), ("\u{e9}", "x")],
                [("a", "e\u{301}"), ("\u{e9}", "x"), ("e\u{301}", "x")],
            ]
            for tags in steps {
                _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
                    try key.addTags(tags.map { KeyTag(key: $0.0, value: $0.1) }, limit: 10)
                }
                let stored = try #require(try await store.key(key.id)).tags
                #expect(stored.map { [Array($0.key.utf8), Array($0.value.utf8)] } == tags.map(bytes))
            }
            _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
                try key.removeTags(named: ["\u{e9}"])
            }
            let left = try await store.tags(in: scope)
            #expect(left.map { Array($0.key.utf8) } == ["a", "e\u{301}"].map { Array($0.utf8) })
        },
        Check("A list by tags follows every change of a tag, also from page to page") { store async throws in
            let scope = SampleKey.scope()
            let keys = (0..<6).map { SampleKey.make("\($0)", in: scope, tags: [KeyTag(key: "env", value: "prod")]) }
            try await store.insert(keys)
            var query = KeyQuery(scope: scope)
            query.tagFilters = [KeyQuery.TagFilter(key: "env", values: ["prod"])]
            #expect(try await store.aliases(query, offset: 0, limit: 3) == ["5", "4", "3"])
            _ = try await store.update([keys[5].id], in: scope) { key throws(KMSError) in
                try key.addTags([KeyTag(key: "env", value: "test")], limit: 10)
            }
            #expect(try await store.aliases(query, offset: 3, limit: 3) == ["1", "0"])
            _ = try await store.update([keys[4].id, keys[3].id], in: scope) { key throws(KMSError) in
                try key.removeTags(named: ["env"])
            }
            let page = try await store.list(query, offset: 0, limit: 9)
            #expect(page.keys.map(\.primaryName) == ["2", "1", "0"])
            #expect(page.total == 3)
            _ = try await store.update([keys[3].id], in: scope) { key throws(KMSError) in
                try key.addTags([KeyTag(key: "env", value: "prod")], limit: 10)
            }
            #expect(try await store.aliases(query) == ["3", "2", "1", "0"])
        },
        Check("Tags stay as they were if the change fails") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, tags: [KeyTag(key: "a", value: "b")])
            try await store.insert([key])
            await expect(.bindingNotFound) {
                _ = try await store.change([key.id], in: scope) { key throws(KMSError) in
                    try key.removeTags(named: ["a"])
                    try key.addTags([KeyTag(key: "c", value: "d")], limit: 10)
                    return [.unbind(cosBucket)]
                }
            }
            #expect(try await store.key(key.id)?.tags == key.tags)
        },
        Check("The tags of a scope are distinct and in the order of their bytes") { store async throws in
            let scope = SampleKey.scope()
            let tags: [[(String, String)]] = [
                [("b", "2"), ("a", "10"), ("\u{e9}", "1")], [("b", "10"), ("a", "2"), ("e\u{301}", "1")],
                [("b", "2"), ("B", ""), ("日", "é"), ("🔑", "x")], [("a", "e\u{301}")], [("a", "é")], [],
            ]
            try await store.insert(
                tags.enumerated().map { number, tags in
                    SampleKey.make(
                        "\(number)", in: scope, owner: number == 2 ? .product("cos") : .user,
                        state: number == 2 ? .pendingDeletion : .enabled,
                        tags: tags.map { KeyTag(key: $0.0, value: $0.1) })
                })
            let elsewhere = KeyScope(account: scope.account, realm: RealmID("east"))
            for other in [elsewhere, SampleKey.scope()] {
                try await store.insert([SampleKey.make("x", in: other, tags: [KeyTag(key: "other", value: "x")])])
            }
            let expected: [(String, [String])] = [
                ("B", [""]), ("a", ["10", "2", "e\u{301}", "é"]), ("b", ["10", "2"]), ("e\u{301}", ["1"]),
                ("\u{e9}", ["1"]), ("日", ["é"]), ("🔑", ["x"]),
            ]
            let found = try await store.tags(in: scope)
            #expect(found.map { Array($0.key.utf8) } == expected.map { Array($0.0.utf8) })
            #expect(found.map { $0.values.map { Array($0.utf8) } } == expected.map { $0.1.map { Array($0.utf8) } })
            #expect(try await store.tags(in: elsewhere).map(\.key) == ["other"])
            #expect(try await store.tags(in: SampleKey.scope()).isEmpty)
        },
        Check("A tag of a scope is gone with its last use") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map {
                SampleKey.make(
                    $0, in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment,
                    tags: [KeyTag(key: "a", value: "same"), KeyTag(key: "b", value: $0)])
            }
            try await store.insert(keys)
            func expect(_ expected: [String], sourceLocation: SourceLocation = #_sourceLocation) async throws {
                let found = try await store.tags(in: scope).map { "\($0.key)=\($0.values.joined(separator: ","))" }
                #expect(found == expected, sourceLocation: sourceLocation)
            }
            try await expect(["a=same", "b=1,2"])
            _ = try await store.deleteKey(keys[0].id, dueAt: SampleKey.moment)
            try await expect(["a=same", "b=2"])
            _ = try await store.update([keys[1].id], in: scope) { key throws(KMSError) in
                try key.removeTags(named: ["a"])
            }
            try await expect(["b=2"])
        },
    ]

    private static func bytes(_ tag: (String, String)) -> [[UInt8]] { [Array(tag.0.utf8), Array(tag.1.utf8)] }
}
