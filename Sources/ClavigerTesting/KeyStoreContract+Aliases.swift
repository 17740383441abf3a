import ClavigerCore
import Testing

extension KeyStoreContract {
    static let aliases: [Check] = [
        Check("A key is read with none, one or several aliases, the primary one first") { store async throws in
            let scope = SampleKey.scope()
            for names in [[], ["one"], ["z", "a", "\u{e9}", "e\u{301}", "m"]] {
                let key = named(names, in: scope)
                try await store.insert([key])
                let stored = try #require(try await store.key(key.id))
                #expect(stored.aliases == names.map(KeyAlias.init(checked:)))
                #expect(stored.with(sequence: 0, bindingCount: 0) == key)
                #expect(try await store.keys([key.id], in: scope) == [stored])
                #expect(try await store.keyWithVersions(key.id)?.key == stored)
                #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 1).keys == [stored])
            }
        },
        Check("The key that has an alias is found, primary or not, byte for byte, in its scope alone") {
            store async throws in
            let scope = SampleKey.scope()
            let keys = [["app", "other"], ["App", "\u{e9}"], ["e\u{301}"]].map { named($0, in: scope) }
            let elsewhere = named(["app"], in: KeyScope(account: scope.account, realm: RealmID("east")))
            try await store.insert(keys + [elsewhere])
            for (name, key) in [
                ("app", keys[0]), ("other", keys[0]), ("App", keys[1]), ("\u{e9}", keys[1]), ("e\u{301}", keys[2]),
            ] {
                #expect(try await store.keyID(named: KeyAlias(checked: name), in: scope) == key.id, "\(name)")
            }
            for name in ["", "ap", "app ", "APP", "app\u{0}", "%"] {
                #expect(try await store.keyID(named: KeyAlias(checked: name), in: scope) == nil, "\(name)")
            }
            let app = KeyAlias(checked: "app")
            #expect(try await store.keyID(named: app, in: elsewhere.scope) == elsewhere.id)
            #expect(try await store.keyID(named: app, in: SampleKey.scope()) == nil)
        },
        Check("New aliases come last; when the primary one goes, the oldest of the others takes its place") {
            store async throws in
            let scope = SampleKey.scope()
            let key = named(["a"], in: scope)
            try await store.insert([key, named(["x"], in: scope)])
            let steps: [(@Sendable (inout Key) throws(KMSError) -> Void, [String], [String])] = [
                ({ key throws(KMSError) in try key.add("b", "c") }, ["a", "b", "c"], ["a", "x", "b", "c"]),
                ({ key throws(KMSError) in try key.remove("b") }, ["a", "c"], ["a", "x", "c"]),
                ({ key throws(KMSError) in try key.add("b") }, ["a", "c", "b"], ["a", "x", "c", "b"]),
                ({ key throws(KMSError) in try key.remove("a") }, ["c", "b"], ["x", "c", "b"]),
                ({ key throws(KMSError) in try key.rename(KeyAlias(checked: "d")) }, ["d", "b"], ["x", "d", "b"]),
                ({ key throws(KMSError) in try key.remove("d", "b") }, [], ["x"]),
                ({ key throws(KMSError) in try key.rename(KeyAlias(checked: "e")) }, ["e"], ["x", "e"]),
                ({ key throws(KMSError) in try key.remove("e") }, [], ["x"]),
                ({ key throws(KMSError) in try key.add("a", "b") }, ["a", "b"], ["x", "a", "b"]),
            ]
            for (number, (step, expected, all)) in steps.enumerated() {
                let changed = try await store.update([key.id], in: scope, step)
                #expect(changed.map { $0.aliases.map(\.name) } == [expected], "\(number)")
                #expect(try await store.key(key.id) == changed.first, "\(number)")
                #expect(try await store.names(in: scope) == all, "\(number)")
            }
        },
        Check("Other changes leave the aliases as they are") { store async throws in
            let scope = SampleKey.scope()
            let key = named(["b", "a"], in: scope)
            try await store.insert([key])
            let changed = try await store.update([key.id], in: scope) { key throws(KMSError) in try key.disable() }
            #expect(changed.map { $0.aliases.map(\.name) } == [["b", "a"]])
            #expect(try await store.key(key.id) == changed.first)
        },
        Check("An alias that moves to another key keeps its place in the list") { store async throws in
            let scope = SampleKey.scope()
            let keys = [["a", "b", "c"], ["d", "e"], []].map { named($0, in: scope) }
            try await store.insert(keys)
            let moves: [(name: String, from: Int, to: Int, [[String]])] = [
                // Behind the primary one they are in the order of creation.
                ("b", 0, 1, [["a", "c"], ["d", "b", "e"], []]),
                ("a", 0, 2, [["c"], ["d", "b", "e"], ["a"]]),
                ("d", 1, 2, [["c"], ["b", "e"], ["a", "d"]]),
                ("c", 0, 2, [[], ["b", "e"], ["a", "c", "d"]]),
                ("a", 2, 0, [["a"], ["b", "e"], ["c", "d"]]),
            ]
            for (name, from, to, expected) in moves {
                let changed = try await store.update([keys[from].id, keys[to].id], in: scope) { key throws(KMSError) in
                    if key.id == keys[from].id { try key.remove(name) } else { try key.add(name) }
                }
                #expect(changed.map { $0.aliases.map(\.name) } == [expected[from], expected[to]], "\(name)")
                let stored = try await store.keys(keys.map(\.id), in: scope)
                #expect(stored.map { $0.aliases.map(\.name) } == expected, "\(name)")
                #expect(try await store.names(in: scope) == ["a", "b", "c", "d", "e"], "\(name)")
                #expect(try await store.keyID(named: KeyAlias(checked: name), in: scope) == keys[to].id, "\(name)")
            }
        },
        Check("Keys exchange aliases, primary ones for others and new ones too") { store async throws in
            let scope = SampleKey.scope()
            let keys = [["a", "b"], ["c", "d"], ["e"]].map { named($0, in: scope) }
            try await store.insert(keys)
            let exchanged = [["d", "a"], ["b", "new"], ["c"]]
            let names = Dictionary(uniqueKeysWithValues: zip(keys.map(\.id), exchanged))
            _ = try await store.update(keys.map(\.id), in: scope) { key throws(KMSError) in
                for alias in key.aliases { try key.removeAlias(alias) }
                try key.add(names[key.id] ?? [])
            }
            let stored = try await store.keys(keys.map(\.id), in: scope)
            #expect(stored.map { $0.aliases.map(\.name) } == exchanged)
            #expect(try await store.names(in: scope) == ["a", "b", "c", "d", "new"])
            let page = try await store.aliases(in: scope, offset: 0, limit: 9)
            #expect(page.aliases.map(\.key) == [0, 1, 2, 0, 1].map { keys[$0].id })
        },
        Check("An alias names one key of a scope, and that once, whether it is the primary one or not") {
            store async throws in
            let scope = SampleKey.scope()
            let keys = [["a", "b"], ["c", "d"]].map { named($0, in: scope) }
            try await store.insert(keys)
            for names in [["b"], ["x", "b"], ["x", "x"], ["a", "x"]] {
                let key = named(names, in: scope)
                await expect(.aliasExists) { try await store.insert([key]) }
                #expect(try await store.key(key.id) == nil)
            }
            let failing: [(removed: [String], added: [String])] = [
                (["a", "b"], ["d", "b"]), ([], ["c"]), ([], ["b"]), (["a"], ["b"]), ([], ["x", "x"]),
                (["a"], ["y", "d"]),
            ]
            for (number, (removed, added)) in failing.enumerated() {
                await expect(.aliasExists) {
                    _ = try await store.update([keys[0].id], in: scope) { key throws(KMSError) in
                        try key.remove(removed)
                        try key.add(added)
                    }
                }
                let stored = try await store.keys(keys.map(\.id), in: scope)
                #expect(stored.map { $0.aliases.map(\.name) } == [["a", "b"], ["c", "d"]], "\(number)")
                #expect(try await store.names(in: scope) == ["a", "b", "c", "d"], "\(number)")
            }
            await expect(.aliasExists) {
                _ = try await store.update(keys.map(\.id), in: scope) { key throws(KMSError) in try key.add("x") }
            }
            try await store.insert([named(["x"], in: scope), named(["a", "b"], in: SampleKey.scope())])
        },
        Check("A deleted key's aliases are free, and in no list") { store async throws in
            let scope = SampleKey.scope()
            let due = SampleKey.make("", in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment)
                .with(sequence: 0, bindingCount: 0, aliases: ["b", "c"].map(KeyAlias.init(checked:)))
            try await store.insert([named(["a"], in: scope), due, named(["d"], in: scope)])
            let deleted = try await store.deleteKey(due.id, dueAt: SampleKey.moment)
            #expect(deleted?.aliases == due.aliases)
            #expect(try await store.names(in: scope) == ["a", "d"])
            #expect(try await store.aliases(in: scope, offset: 0, limit: 0).total == 2)
            #expect(try await store.keyID(named: KeyAlias(checked: "c"), in: scope) == nil)
            try await store.insert([named(["c", "b"], in: scope)])
            #expect(try await store.names(in: scope) == ["a", "d", "c", "b"])
        },
        Check("Thousands of aliases are read page by page, each with its key and the total") { store async throws in
            let scope = SampleKey.scope()
            let keys = (0..<4).map { number in named((0..<1000).map { "\(number)/\($0)" }, in: scope) }
            try await store.insert(keys + [named(["elsewhere"], in: SampleKey.scope())])
            let all = keys.flatMap { key in key.aliases.map { AliasEntry(alias: $0, key: key.id) } }
            for limit in [100, 999] {
                var read: [AliasEntry] = []
                for offset in stride(from: 0, to: 4100, by: limit) {
                    let page = try await store.aliases(in: scope, offset: offset, limit: limit)
                    #expect(page.total == 4000)
                    read += page.aliases
                }
                #expect(read == all)
            }
            #expect(try await store.aliases(in: scope, offset: 1234, limit: 2).aliases == Array(all[1234..<1236]))
            for (offset, limit) in [(4000, 1), (1_000_000, 5), (0, 0)] {
                let page = try await store.aliases(in: scope, offset: offset, limit: limit)
                #expect(page.aliases.isEmpty && page.total == 4000)
            }
            let none = try await store.aliases(in: SampleKey.scope(), offset: 0, limit: 9)
            #expect(none.aliases.isEmpty && none.total == 0)
        },
        Check("A page of aliases shows what has changed since the one before") { store async throws in
            let scope = SampleKey.scope()
            let keys = [["a", "b", "c", "d"], ["e", "f"]].map { named($0, in: scope) }
            try await store.insert(keys)
            func page(_ offset: Int) async throws -> [String] {
                try await store.aliases(in: scope, offset: offset, limit: 2).aliases.map(\.alias.name)
            }
            #expect(try await page(0) == ["a", "b"])
            _ = try await store.update([keys[1].id], in: scope) { key throws(KMSError) in
                try key.add("g"); try key.rename(KeyAlias(checked: "E"))
            }
            #expect(try await page(2) == ["c", "d"])
            #expect(try await page(4) == ["E", "f"])
            _ = try await store.update([keys[0].id], in: scope) { key throws(KMSError) in try key.remove("b") }
            #expect(try await page(2) == ["d", "E"])
            #expect(try await page(4) == ["f", "g"])
            #expect(try await store.aliases(in: scope, offset: 6, limit: 2).total == 6)
        },
        Check("A search looks through the primary alias and the id, also of keys that have no alias") {
            store async throws in
            let scope = SampleKey.scope()
            let id = try KeyID(text: "0123abcd-4567-89ab-cdef-0123456789ab".utf8)
            let key = SampleKey.make("", in: scope, id: id).with(sequence: 0, bindingCount: 0, aliases: [])
            try await store.insert([key, named([], in: scope, id: KeyID(1))])
            func find(_ text: String) async throws -> [KeyID] {
                try await store.list(searching(text, in: scope), offset: 0, limit: 9).keys.map(\.id)
            }
            func find(alias: String) async throws -> [KeyID] {
                var query = KeyQuery(scope: scope)
                query.alias = alias
                return try await store.list(query, offset: 0, limit: 9).keys.map(\.id)
            }
            #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 9).total == 2)
            #expect(try await find("abcd-4567") == [id])
            #expect(try await find("ab") == [id])
            #expect(try await find(alias: "") == [])
            _ = try await store.update([id], in: scope) { key throws(KMSError) in try key.add("orders", "bills") }
            #expect(try await find("orders") == [id])
            #expect(try await find("bills") == [])
            #expect(try await find(alias: "orders") == [id])
            #expect(try await find(alias: "bills") == [])
            _ = try await store.update([id], in: scope) { key throws(KMSError) in try key.remove("orders") }
            #expect(try await find("orders") == [])
            #expect(try await find("bills") == [id])
            #expect(try await find(alias: "bills") == [id])
            _ = try await store.update([id], in: scope) { key throws(KMSError) in try key.remove("bills") }
            #expect(try await find("bills") == [])
            #expect(try await find("abcd-4567") == [id])
        },
        Check("Aliases that come at the same time are all there and counted") { store async throws in
            let scope = SampleKey.scope()
            let keys = (0..<2).map { _ in named([], in: scope) }
            try await store.insert(keys)
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try? await store.update([keys[number % 2].id], in: scope) { key throws(KMSError) in
                            try key.add("\(number / 4)")
                        }
                    }
                }
            }
            let stored = try await store.keys(keys.map(\.id), in: scope)
            let all = try await store.names(in: scope)
            #expect(Set(all) == Set((0..<10).map(String.init)))
            #expect(Set(stored.flatMap(\.aliases).map(\.name)) == Set(all) && all.count == 10)
            #expect(try await store.aliases(in: scope, offset: 0, limit: 0).total == 10)
        },
    ]

    private static func named(_ names: [String], in scope: KeyScope, id: KeyID = SampleKey.id()) -> Key {
        SampleKey.make("", in: scope, id: id)
            .with(sequence: 0, bindingCount: 0, aliases: names.map(KeyAlias.init(checked:)))
    }
}

extension Key {
    fileprivate mutating func add(_ names: [String]) throws(KMSError) {
        for name in names { try addAlias(KeyAlias(checked: name)) }
    }

    fileprivate mutating func add(_ names: String...) throws(KMSError) { try add(names) }

    fileprivate mutating func remove(_ names: [String]) throws(KMSError) {
        for name in names { try removeAlias(KeyAlias(checked: name)) }
    }

    fileprivate mutating func remove(_ names: String...) throws(KMSError) { try remove(names) }
}

extension KeyStore {
    /// All aliases of the scope, in their order.
    fileprivate func names(in scope: KeyScope) async throws -> [String] {
        let page = try await aliases(in: scope, offset: 0, limit: 1000)
        #expect(page.total == page.aliases.count)
        return page.aliases.map(\.alias.name)
    }
}
