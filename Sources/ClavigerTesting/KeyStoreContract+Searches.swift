import ClavigerCore
import Testing

extension KeyStoreContract {
    static let searches = [
        Check("A search finds every part of an alias exactly as typed") { store async throws in
            let scope = SampleKey.scope()
            let aliases = [
                "Orders", "orders", "100%_sure", "100xysure", "say \"hi\"", "it's", "a*b AND (c)", "日本語の鍵", "clé\u{e9}",
                "cle\u{301}",
                "🔑🗝️keys", "back\\slash", "-", "OR NOT near^",
            ]
            // An id of zeros only holds nothing that is looked for below.
            try await store.insert(
                aliases.enumerated().map {
                    SampleKey.make($1, in: scope, id: KeyID(UInt128($0) << 127 | UInt128($0) + 1 << 4))
                })
            let patterns =
                aliases + [
                    "", "rder", "Ord", "ORD", "%", "_", "%_", "0%_s", "00%", "\"", "\"h", "\"hi\"", "\"\"\"", "'",
                    "t's", "''",
                    "*", "a*b", "AND",
                    "(c)", "日", "本語", "本語の", "\u{e9}", "e\u{301}", "le\u{301}", "é\u{e9}", "🔑", "🗝", "🔑🗝\u{fe0f}",
                    "\u{fe0f}ke",
                    "\\", "k\\s",
                    "--", "OR NOT", "near^", "NEAR(", " ", "\n", "alias:key", "{key_id}: a", "rs\u{0}", "\u{0}",
                    "rders\u{0}x",
                    "ordersx",
                ]
            for pattern in patterns {
                let expected = aliases.filter { pattern.utf8.isEmpty || Array($0.utf8).holds(Array(pattern.utf8)) }
                var query = searching(pattern, in: scope)
                query.order = .oldestFirst
                let page = try await store.list(query, offset: 0, limit: 100)
                let found = page.keys.filter {
                    !$0.id.description.contains(pattern) || expected.contains($0.primaryName)
                }
                #expect(found.map { Array($0.primaryName.utf8) } == expected.map { Array($0.utf8) }, "\(pattern)")
            }
        },
        Check("A search finds every part of a key id, in lower case") { store async throws in
            let scope = SampleKey.scope()
            let id = try KeyID(text: "0123abcd-4567-89ab-cdef-0123456789ab".utf8)
            try await store.insert([
                SampleKey.make("x", in: scope, id: id), SampleKey.make("y", in: scope, id: KeyID(UInt128.max)),
                SampleKey.make("zabcd", in: scope, id: KeyID(0)),
            ])
            for (pattern, expected) in [
                (id.description, ["x"]), ("abcd-4567", ["x"]), ("abcd", ["zabcd", "x"]), ("ab", ["zabcd", "x"]),
                ("d-4", ["x"]),
                ("ABCD", []), ("f-f", ["y"]), ("-", ["zabcd", "y", "x"]), ("0123abcd4567", []), ("f", ["y", "x"]),
            ] {
                #expect(try await store.aliases(searching(pattern, in: scope)) == expected, "\(pattern)")
                #expect(
                    try await store.list(searching(pattern, in: scope), offset: 0, limit: 1).total == expected.count)
            }
        },
        Check("Equivalent spellings are searched for each by itself") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleKey.make("caf\u{e9}", in: scope)])
            #expect(try await store.list(searching("af\u{e9}", in: scope), offset: 0, limit: 9).total == 1)
            #expect(try await store.list(searching("afe\u{301}", in: scope), offset: 0, limit: 9).total == 0)
        },
        Check("A search follows renames and deletions and stays in its scope") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("orders", in: scope)
            let due = SampleKey.make("orders 2", in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment)
            try await store.insert([key, due, SampleKey.make("orders", in: SampleKey.scope())])
            #expect(try await store.aliases(searching("orders", in: scope)) == ["orders 2", "orders"])
            _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "bills"))
            }
            #expect(try await store.aliases(searching("orders", in: scope)) == ["orders 2"])
            #expect(try await store.aliases(searching("bills", in: scope)) == ["bills"])
            _ = try await store.deleteKey(due.id, dueAt: SampleKey.moment)
            #expect(try await store.aliases(searching("orders", in: scope)) == [])
        },
    ]
}

extension [UInt8] {
    fileprivate func holds(_ part: [UInt8]) -> Bool {
        count >= part.count && (0...count - part.count).contains { self[$0...].starts(with: part) }
    }
}
