import ClavigerCore
import Testing

extension KeyStoreContract {
    static let updates = [
        Check("An update changes state, alias, description and deletion date, and nothing else") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make(
                "old", in: scope, primaryVersion: KeyVersionID(3), tags: [KeyTag(key: "a", value: "b")])
            try await store.insert(key, version: SampleKey.version(of: key), limit: 10)
            var expected = try #require(try await store.key(key.id))
            let change: @Sendable (inout Key) throws(KMSError) -> Void = { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "new"))
                try key.describe(as: "text")
                try key.disable()
                try key.scheduleDeletion(at: SampleKey.moment, gate: .disabledFirst)
            }
            try change(&expected)
            #expect(try await store.update([key.id], in: scope, change) == [expected])
            #expect(try await store.key(key.id) == expected)
            #expect(try await store.versions(of: key.id).count == 1)

            try expected.cancelDeletion()
            #expect(
                try await store.update([key.id], in: scope) { key throws(KMSError) in try key.cancelDeletion() } == [
                    expected
                ])
            #expect(try await store.key(key.id)?.deletionDate == nil)
        },
        Check("An update gives the keys in the order of their ids, and changes one that is given twice once") {
            store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            let ids = [keys[1].id, keys[0].id, keys[1].id]
            let changed = try await store.update(ids, in: scope) { key throws(KMSError) in
                try key.describe(as: key.description + "+")
            }
            #expect(changed.map(\.id) == ids)
            #expect(changed.map(\.description) == ["+", "+", "+"])
        },
        Check("If one key is missing, none is changed") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            await expect(.keyNotFound) {
                _ = try await store.update([key.id, SampleKey.id()], in: scope) { key throws(KMSError) in
                    try key.disable()
                }
            }
            #expect(try await store.key(key.id)?.state == .enabled)
        },
        Check("What the change throws comes out as it is, and no key is changed") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            let last = keys[1].id
            let error = await #expect(throws: KMSError.self) {
                _ = try await store.update(keys.map(\.id), in: scope) { key throws(KMSError) in
                    try key.rename(KeyAlias(checked: "renamed \(key.primaryName)"))
                    try key.disable()
                    if key.id == last { throw KMSError(.keyInUse, "as it is") }
                }
            }
            #expect(error?.code == .keyInUse)
            #expect(error?.message == "as it is")
            #expect(try await store.aliases(KeyQuery(scope: scope)) == ["2", "1"])
            #expect(try await store.keys(keys.map(\.id), in: scope).allSatisfy { $0.state == .enabled })
        },
        Check("A key cannot take the alias of another, and none is then changed") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2", "taken"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            let last = keys[1].id
            await expect(.aliasExists) {
                _ = try await store.update([keys[0].id, keys[1].id], in: scope) { key throws(KMSError) in
                    try key.rename(KeyAlias(checked: key.id == last ? "taken" : "free"))
                }
            }
            #expect(try await store.aliases(KeyQuery(scope: scope)) == ["taken", "2", "1"])
        },
        Check("Two keys cannot take the same alias at once") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            await expect(.aliasExists) {
                _ = try await store.update(keys.map(\.id), in: scope) { key throws(KMSError) in
                    try key.rename(KeyAlias(checked: "same"))
                }
            }
            #expect(try await store.aliases(KeyQuery(scope: scope)) == ["2", "1"])
        },
        Check("An alias that stays is no conflict") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("app", in: scope)
            try await store.insert([key])
            let changed = try await store.update([key.id], in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "app"))
            }
            #expect(changed.map(\.primaryName) == ["app"])
        },
        Check("The old alias is free at once, the new one taken") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("old", in: scope)
            try await store.insert([key])
            _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "new"))
            }
            await expect(.aliasExists) { try await store.insert([SampleKey.make("new", in: scope)]) }
            try await store.insert([SampleKey.make("old", in: scope)])
            #expect(try await store.aliases(KeyQuery(scope: scope)) == ["old", "new"])
        },
        Check("Keys can exchange their aliases") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            _ = try await store.update(keys.map(\.id), in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: key.primaryName == "1" ? "2" : "1"))
            }
            #expect(try await store.aliases(KeyQuery(scope: scope)) == ["1", "2"])
        },
        Check("Another spelling of the same alias is stored as it is") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("\u{e9}", in: scope, description: "\u{e9}")
            try await store.insert([key])
            _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "e\u{301}"))
                try key.describe(as: "e\u{301}")
            }
            let stored = try #require(try await store.key(key.id))
            #expect(Array(stored.primaryName.utf8) == Array("e\u{301}".utf8))
            #expect(Array(stored.description.utf8) == Array("e\u{301}".utf8))
        },
        Check("Updates at the same time lose nothing, and those that fail harm no other") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try? await store.update([key.id], in: scope) { key throws(KMSError) in
                            try key.describe(as: key.description + "+")
                            if number % 4 == 0 { throw KMSError(.keyInUse, "no") }
                        }
                    }
                }
            }
            #expect(try await store.key(key.id)?.description.count == 30)
        },
    ]
}
