import ClavigerCore
import Testing

extension KeyStoreContract {
    static let keys = [
        Check("A key is read as it was stored, with a sequence") { store async throws in
            let versionID = KeyVersionID(7)
            let key = SampleKey.make(
                "Ünï \"quoted\" '%_", in: SampleKey.scope(), id: KeyID(UInt128(1) << 120 | 5), spec: .rsa2048,
                usage: .signVerify,
                origin: .external, owner: .product("cos"), state: .pendingDeletion, description: "some text\n日本",
                deletionDate: SampleKey.moment + .days(7), primaryVersion: versionID, enterpriseProject: "\u{e9} 0",
                tags: [KeyTag(key: "z", value: "1"), KeyTag(key: "a", value: "")])
            let version = SampleKey.version(of: key, publicKey: [4, 5])
            try await store.insert(key, version: version, limit: 10)

            let stored = try #require(try await store.key(key.id))
            #expect(stored.sequence > 0)
            #expect(stored.with(sequence: 0, bindingCount: 0) == key)
            #expect(try await store.versions(of: key.id) == [version])
            let both = try #require(try await store.keyWithVersions(key.id))
            #expect(both.key == stored)
            #expect(both.versions == [version])
        },
        Check("Rotation and material from outside are read as they were stored, each by itself") { store async throws in
            let policy = RotationPolicy(period: .days(90), nextRotation: Timestamp(seconds: 1_800_000_000))
            let materials = [
                nil, ImportedMaterial(digest: [0, 1, 255], expiry: Timestamp(seconds: 1_900_000_000)),
                ImportedMaterial(digest: [7], expiry: nil),
            ]
            let scope = SampleKey.scope()
            for (number, material) in materials.enumerated() {
                for (policy, lastRotation) in [(policy, nil), (nil, SampleKey.moment), (policy, SampleKey.moment)] {
                    let key = SampleKey.make(
                        "\(number) \(policy != nil) \(lastRotation != nil)", in: scope, rotationPolicy: policy,
                        lastRotation: lastRotation, importedMaterial: material)
                    try await store.insert([key])
                    #expect(try await store.key(key.id)?.with(sequence: 0, bindingCount: 0) == key)
                }
            }
        },
        Check("A key of every spec, the user's or a product's, is stored and listed") { store async throws in
            let scope = SampleKey.scope()
            for spec in KeySpec.allCases {
                for owner in [KeyOwner.user, .product("cos")] {
                    let key = SampleKey.make("\(spec) \(owner)", in: scope, spec: spec, owner: owner)
                    try await store.insert([key])
                    var query = KeyQuery(scope: scope)
                    query.role = owner == .user ? .user : .product
                    query.purposes = [KeyQuery.Purpose(spec: spec, usage: .encryptDecrypt)]
                    let page = try await store.list(query, offset: 0, limit: 9)
                    #expect(page.keys.map { $0.with(sequence: 0, bindingCount: 0) } == [key])
                    #expect(page.total == 1)
                }
            }
            #expect(try await store.aliases(KeyQuery(scope: scope)).count == KeySpec.allCases.count)
        },
        Check("A key may wait for its first version") { store async throws in
            let key = SampleKey.make("waiting", in: SampleKey.scope(), state: .pendingImport)
            try await store.insert([key])
            #expect(try await store.versions(of: key.id) == [])
            #expect(try await store.keyWithVersions(key.id)?.versions == [])
            #expect(try await store.key(key.id)?.primaryVersion == nil)
        },
        Check("An unknown key is nil and has no versions") { store async throws in
            #expect(try await store.key(KeyID(1)) == nil)
            #expect(try await store.keyWithVersions(KeyID(1)) == nil)
            #expect(try await store.versions(of: KeyID(1)) == [])
        },
        Check("Sequences rise and are not given again after a deletion") { store async throws in
            let scope = SampleKey.scope()
            let first = SampleKey.make("1", in: scope)
            let second = SampleKey.make("2", in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment)
            let third = SampleKey.make("3", in: scope)
            try await store.insert([first, second])
            let deleted = try #require(try await store.deleteKey(second.id, dueAt: SampleKey.moment))
            try await store.insert([third])
            let sequences = try await (store.key(first.id)?.sequence, store.key(third.id)?.sequence)
            #expect(try #require(sequences.0) < deleted.sequence)
            #expect(try #require(sequences.1) > deleted.sequence)
        },
        Check("An alias names one key of a scope") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleKey.make("app", in: scope)])
            let second = SampleKey.make("app", in: scope)
            await expect(.aliasExists) {
                try await store.insert(second, version: SampleKey.version(of: second), limit: 10)
            }
            #expect(try await store.keyWithVersions(second.id) == nil)
            #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 10).total == 1)
        },
        Check("Aliases that differ in case or in spelling are different") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert(["app", "App", "\u{e9}", "e\u{301}"].map { SampleKey.make($0, in: scope) })
            #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 10).total == 4)
        },
        Check("Another account or realm may have the same alias") { store async throws in
            let scope = SampleKey.scope()
            let elsewhere = KeyScope(account: scope.account, realm: RealmID("east"))
            try await store.insert([scope, elsewhere, SampleKey.scope()].map { SampleKey.make("app", in: $0) })
            #expect(try await store.aliases(KeyQuery(scope: elsewhere)) == ["app"])
        },
        Check("A scope holds no more keys than the limit, those of users and of products counted apart") {
            store async throws in
            let scope = SampleKey.scope()
            func key(_ number: Int, _ owner: KeyOwner, in scope: KeyScope) -> Key {
                SampleKey.make(
                    "\(owner) \(number)", in: scope, owner: owner, state: KeyState.allCases[number],
                    enterpriseProject: "\(number)")
            }
            for owner in [KeyOwner.user, .product("cos")] {
                for number in 0..<2 { try await store.insert(key(number, owner, in: scope), version: nil, limit: 2) }
            }
            for owner in [KeyOwner.user, .product("cos"), .product("cbs")] {
                await expect(.tooManyKeys) { try await store.insert(key(3, owner, in: scope), version: nil, limit: 2) }
                try await store.insert(key(3, owner, in: SampleKey.scope()), version: nil, limit: 2)
            }
            var query = KeyQuery(scope: scope)
            query.role = nil
            #expect(try await store.list(query, offset: 0, limit: 0).total == 4)
        },
        Check("A deleted key makes room for another, of the same alias") { store async throws in
            let scope = SampleKey.scope()
            let old = SampleKey.make("app", in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment)
            try await store.insert(old, version: nil, limit: 1)
            _ = try await store.deleteKey(old.id, dueAt: SampleKey.moment)
            try await store.insert(SampleKey.make("app", in: scope), version: nil, limit: 1)
            #expect(try await store.aliases(KeyQuery(scope: scope)) == ["app"])
        },
        Check("Of callers that take the last place or the same alias at once, one succeeds") { store async throws in
            let scope = SampleKey.scope()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<16 {
                    let key = SampleKey.make("\(number % 8)", in: scope)
                    group.addTask { try? await store.insert(key, version: SampleKey.version(of: key), limit: 5) }
                }
            }
            let page = try await store.list(KeyQuery(scope: scope), offset: 0, limit: 20)
            #expect(page.total == 5)
            #expect(Set(page.keys.map(\.primaryName)).count == 5)
            for key in page.keys { #expect(try await store.versions(of: key.id).count == 1) }
        },
        Check("Keys are given in the order of their ids") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2", "3"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            let ids = [keys[2].id, keys[0].id, keys[2].id]
            #expect(try await store.keys(ids, in: scope).map(\.id) == ids)
            #expect(try await store.keys([], in: scope) == [])
        },
        Check("A key of another scope is unknown") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            await expect(.keyNotFound) { _ = try await store.keys([key.id, SampleKey.id()], in: scope) }
            for other in [SampleKey.scope(), KeyScope(account: scope.account, realm: RealmID("east"))] {
                await expect(.keyNotFound) { _ = try await store.keys([key.id], in: other) }
                await expect(.keyNotFound) {
                    _ = try await store.update([key.id], in: other) { key throws(KMSError) in try key.disable() }
                }
                #expect(try await store.aliases(KeyQuery(scope: other)) == [])
            }
            #expect(try await store.key(key.id)?.state == .enabled)
        },
    ]
}
