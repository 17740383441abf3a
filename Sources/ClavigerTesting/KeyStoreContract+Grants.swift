import ClavigerCore
import Testing

extension KeyStoreContract {
    static let grants: [Check] = [
        Check("A grant is read as it was given, wherever the key is read, and outlives other changes") {
            store async throws in
            let scope = SampleKey.scope()
            let claimed = SampleKey.id()
            let keys = [
                SampleKey.make("1", in: scope, id: claimed, grants: [SampleKey.grant("claimed", on: claimed)]),
                SampleKey.make("2", in: scope),
            ]
            try await store.insert(keys)
            #expect(try await store.keys(keys.map(\.id), in: scope).map(\.grants) == [[], []])
            let grants = [
                KeyGrant(
                    id: "\u{e9}", key: claimed, grantee: .identity("someone"),
                    operations: GrantOperation.allCases.reversed(), name: "a \"name\"\n日本",
                    retiringIdentity: "e\u{301}", issuer: "some issuer", createdAt: SampleKey.moment),
                KeyGrant(
                    id: "e\u{301}", key: claimed, grantee: .account, operations: [.decryptDataKey], name: "",
                    retiringIdentity: nil, issuer: "", createdAt: SampleKey.moment + .seconds(1)),
            ]
            let granted = try await store.change([claimed], in: scope) { _ in grants.map { .addGrant($0) } }
            #expect(granted.map(\.grants) == [grants])
            #expect(granted[0].grants.map { Array($0.id.utf8) } == grants.map { Array($0.id.utf8) })
            let updated = try await store.update(keys.map(\.id), in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "renamed \(key.primaryName)"))
                try key.disable()
            }
            #expect(updated.map(\.grants) == [grants, []])
            #expect(try await store.keys(keys.map(\.id), in: scope) == updated)
            #expect(try await store.key(claimed) == updated[0])
            #expect(try await store.keyWithVersions(claimed)?.key == updated[0])
            #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 9).keys == updated.reversed())
        },
        Check("The oldest grant of a key comes first; of one second, the first that was given") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            for (name, second) in [("z", 5), ("b", 7), ("a", 5), ("d", 6), ("c", 5)] as [(String, Int64)] {
                let grant = SampleKey.grant(name, on: key.id, createdAt: Timestamp(seconds: second))
                _ = try await store.change([key.id], in: scope) { _ in [.addGrant(grant)] }
            }
            #expect(try await store.key(key.id)?.grants.map(\.name) == ["z", "a", "c", "d", "b"])
            _ = try await store.change([key.id], in: scope) { _ in [.removeGrant("id of a")] }
            #expect(try await store.key(key.id)?.grants.map(\.name) == ["z", "c", "d", "b"])
        },
        Check("A grant goes once, and only from its own key; nothing else is changed if it is not there") {
            store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            _ = try await store.change(keys.map(\.id), in: scope) { key in
                [.addGrant(SampleKey.grant("\(key.primaryName)", on: key.id))]
            }
            for id in ["id of 2", "id of 1\u{0}", "ID OF 1", "", "%"] {
                let error = await #expect(throws: KMSError.self) {
                    _ = try await store.change([keys[0].id], in: scope) { key throws(KMSError) in
                        try key.describe(as: "changed")
                        return [.addGrant(SampleKey.grant("new", on: key.id)), .removeGrant(id)]
                    }
                }
                #expect(error?.code == .grantNotFound)
                #expect(error?.message.contains("\(keys[0].id) has no grant \(id)") == true)
            }
            let unchanged = try await store.keys(keys.map(\.id), in: scope)
            #expect(unchanged.map { $0.grants.map(\.name) } == [["1"], ["2"]])
            #expect(unchanged.map(\.description) == ["", ""])
            let changed = try await store.change([keys[0].id], in: scope) { _ in [.removeGrant("id of 1")] }
            #expect(changed.map(\.grants) == [[]])
            await expect(.grantNotFound) {
                _ = try await store.change([keys[0].id], in: scope) { _ in [.removeGrant("id of 1")] }
            }
            #expect(try await store.key(keys[1].id)?.grants.map(\.name) == ["2"])
        },
        Check("A grant of another key or with an id that is taken is not stored") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            let first = SampleKey.grant("first", on: keys[0].id)
            _ = try await store.change([keys[0].id], in: scope) { _ in [.addGrant(first)] }
            await expect(.internalFailure) {
                let other = SampleKey.grant("other", on: keys[0].id)
                _ = try await store.change([keys[1].id], in: scope) { _ in [.addGrant(other)] }
            }
            for key in keys {
                let second = SampleKey.grant("first", on: key.id, to: .account)
                await expect(.storeUnavailable) {
                    _ = try await store.change([key.id], in: scope) { _ in [.addGrant(second)] }
                }
            }
            #expect(try await store.keys(keys.map(\.id), in: scope).map(\.grants) == [[first], []])
        },
        Check("A key whose deletion is due goes with its grants") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map {
                SampleKey.make($0, in: scope, state: .pendingDeletion, deletionDate: SampleKey.moment)
            }
            try await store.insert(keys)
            _ = try await store.change(keys.map(\.id), in: scope) { key in
                [.addGrant(SampleKey.grant("\(key.primaryName)", on: key.id, retiringIdentity: "someone"))]
            }
            #expect(try await store.deleteKey(keys[0].id, dueAt: SampleKey.moment)?.grants.map(\.name) == ["1"])
            let left = try await store.grants(retirableBy: "someone", in: scope, offset: 0, limit: 9)
            #expect(left.grants.map(\.name) == ["2"])
            #expect(left.total == 1)
            #expect(try await store.key(keys[1].id)?.grants.map(\.name) == ["2"])
            // Even if a key with the same id came back, its grants would not.
            try await store.insert([SampleKey.make("3", in: scope, id: keys[0].id)])
            #expect(try await store.key(keys[0].id)?.grants == [])
            let again = try await store.change([keys[0].id], in: scope) { key in
                [.addGrant(SampleKey.grant("1", on: key.id))]
            }
            #expect(again.map { $0.grants.map(\.name) } == [["1"]])
        },
        Check("Who is named for it, or may retire what he was given, finds the grant, and finds it once") {
            store async throws in
            let scope = SampleKey.scope()
            let elsewhere = KeyScope(account: scope.account, realm: RealmID("east"))
            let keys = [scope, scope, elsewhere, SampleKey.scope()].enumerated().map { SampleKey.make("\($0)", in: $1) }
            try await store.insert(keys)
            let cases: [(grantee: KeyGrant.Grantee, retires: Bool, named: String?, finders: Set<String>)] = [
                (.identity("a"), false, nil, []),
                (.identity("a"), true, nil, ["a"]),
                (.identity("a"), false, "a", ["a"]),
                (.identity("a"), true, "a", ["a"]),
                (.identity("a"), false, "b", ["b"]),
                (.identity("a"), true, "b", ["a", "b"]),
                (.account, false, nil, []),
                (.account, false, "b", ["b"]),
                (.account, true, nil, ["a", "b", "A"]),
                (.account, true, "b", ["a", "b", "A"]),
            ]
            for (number, (grantee, retires, named, _)) in cases.enumerated() {
                for (index, key) in keys.enumerated() {
                    let grant = SampleKey.grant(
                        "\(number) \(index)", on: key.id, to: grantee,
                        operations: [.encryptData] + (retires ? [.retireGrant] : []), retiringIdentity: named)
                    _ = try await store.change([key.id], in: key.scope) { _ in [.addGrant(grant)] }
                }
            }
            for finder in ["a", "b", "A"] {
                let numbers = cases.indices.filter { cases[$0].finders.contains(finder) }
                let expected = numbers.flatMap { ["\($0) 0", "\($0) 1"] }
                let found = try await store.grants(retirableBy: finder, in: scope, offset: 0, limit: 100)
                #expect(found.grants.map(\.name) == expected, "\(finder)")
                #expect(found.total == expected.count, "\(finder)")
                let other = try await store.grants(retirableBy: finder, in: elsewhere, offset: 0, limit: 100)
                #expect(other.grants.map(\.name) == numbers.map { "\($0) 2" }, "\(finder)")
            }
            let none = try await store.grants(retirableBy: "a", in: SampleKey.scope(), offset: 0, limit: 100)
            #expect(none.grants.isEmpty && none.total == 0)
        },
        Check("Pages of grants follow one another, the oldest first, each with the total") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2", "3"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            var all: [KeyGrant] = []
            for number in 0..<24 {
                // Found in each of the three ways, of one second, of several, and with a clock that went back.
                let grantee: KeyGrant.Grantee = number % 3 == 2 ? .account : .identity("someone")
                let grant = SampleKey.grant(
                    "\(number)", on: keys[number % 2].id, to: grantee,
                    operations: number % 3 == 0 ? [.sign] : [.retireGrant],
                    retiringIdentity: number % 3 == 0 ? "someone" : nil,
                    createdAt: Timestamp(seconds: number < 9 ? 100 : 100 + Int64(number * 7 % 5)))
                all.append(grant)
                _ = try await store.change([grant.key], in: scope) { _ in [.addGrant(grant)] }
            }
            // The sort is stable, so those of one second stay in the order in which they were given.
            let expected = all.sorted { $0.createdAt < $1.createdAt }
            for limit in [1, 5, 100] {
                var read: [KeyGrant] = []
                for offset in stride(from: 0, to: 30, by: limit) {
                    let page = try await store.grants(retirableBy: "someone", in: scope, offset: offset, limit: limit)
                    #expect(page.total == all.count)
                    read += page.grants
                }
                #expect(read == expected)
            }
            let none = try await store.grants(retirableBy: "someone", in: scope, offset: 3, limit: 0)
            #expect(none.grants.isEmpty && none.total == all.count)
            _ = try await store.change([expected[0].key], in: scope) { _ in [.removeGrant(expected[0].id)] }
            let second = try await store.grants(retirableBy: "someone", in: scope, offset: 0, limit: 1)
            #expect(second.grants == [expected[1]])
            #expect(second.total == all.count - 1)
        },
    ]
}
