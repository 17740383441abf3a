import ClavigerCore
import Testing

extension IdentityStoreContract {
    static let accessKeys: [Check] = [
        Check("An unknown access key is nil") { store async throws in
            #expect(try await store.accessKey("AKIDabsent") == nil)
        },
        Check("An access key comes with its identity") { store async throws in
            let sample = try await store.insertAccount(1)
            let user = try await store.insertUsers("alice", in: sample)[0]
            let accessKey = sample.accessKey("AKIDalice", of: user)
            try await store.insert(accessKey)
            for (accessKey, identity) in [(accessKey, user), (sample.accessKey, sample.root)] {
                let found = try #require(try await store.accessKey(accessKey.id))
                #expect(found.accessKey == accessKey)
                #expect(found.identity == identity)
            }
        },
        Check("An access key id is compared in every character") { store async throws in
            let sample = try await store.insertAccount(1)
            #expect(try await store.accessKey(sample.accessKey.id.lowercased()) == nil)
            #expect(try await store.accessKey(sample.accessKey.id + "\u{0}") == nil)
        },
        Check("An identity's access keys are given oldest first") { store async throws in
            let sample = try await store.insertAccount(1)
            let users = try await store.insertUsers("alice", "bob", in: sample)
            let newer = sample.accessKey("a", of: users[0])
            let older = sample.accessKey("z", of: users[0], createdAt: SampleKey.moment - .seconds(1))
            try await store.insert(newer)
            try await store.insert(sample.accessKey("m", of: users[1]))
            try await store.insert(older)
            #expect(try await store.accessKeys(of: users[0].id) == [older, newer])
            for id in ["absent", users[0].id + "\u{0}"] { #expect(try await store.accessKeys(of: id) == []) }
        },
        Check("An identity has two access keys at most, also if they come at once") { store async throws in
            let sample = try await store.insertAccount(1)
            let users = try await store.insertUsers("alice", "bob", in: sample)
            try await store.insert(sample.accessKey("of bob", of: users[1]))
            let refusals = await withTaskGroup(of: KMSError.Code?.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        do throws(KMSError) {
                            try await store.insert(sample.accessKey("\(number)", of: users[0]))
                            return nil
                        } catch {
                            return error.code
                        }
                    }
                }
                return await group.compactMap(\.self).reduce(into: []) { $0.append($1) }
            }
            #expect(refusals == Array(repeating: .tooManyAccessKeys, count: 6))
            let left = try await store.accessKeys(of: users[0].id)
            #expect(left.count == 2)
            // Disabled ones count, deleted ones do not.
            try await store.setEnabled(false, accessKey: left[0].id)
            await expect(.tooManyAccessKeys) { try await store.insert(sample.accessKey("more", of: users[0])) }
            try await store.deleteAccessKey(left[0].id)
            try await store.insert(sample.accessKey("more", of: users[0]))
        },
        Check("An access key belongs to an identity of its account") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            let user = try await store.insertUsers("alice", in: sample)[0]
            for accessKey in [
                other.accessKey("x", of: user), sample.accessKey("x", of: sample.user("absent", number: 99)),
            ] {
                await expect(.identityNotFound) { try await store.insert(accessKey) }
            }
            #expect(try await store.accessKey("x") == nil)
        },
        Check("The id of an access key is not given twice") { store async throws in
            let sample = try await store.insertAccount(1)
            let user = try await store.insertUsers("alice", in: sample)[0]
            await expect(.storeUnavailable) {
                try await store.insert(sample.accessKey(sample.accessKey.id, of: user))
            }
            #expect(try await store.accessKey(sample.accessKey.id)?.identity == sample.root)
        },
        Check("A user's access keys can all be disabled, enabled and deleted") { store async throws in
            let sample = try await store.insertAccount(1)
            let user = try await store.insertUsers("alice", in: sample)[0]
            try await store.insert(sample.accessKey("a", of: user))
            for isEnabled in [false, false, true] {
                try await store.setEnabled(isEnabled, accessKey: "a")
                var expected = sample.accessKey("a", of: user)
                expected.isEnabled = isEnabled
                #expect(try await store.accessKey("a")?.accessKey == expected)
            }
            try await store.deleteAccessKey("a")
            #expect(try await store.accessKey("a") == nil)
            #expect(try await store.accessKey(sample.accessKey.id)?.accessKey == sample.accessKey)
        },
        Check("The root identity keeps an enabled access key") { store async throws in
            let sample = try await store.insertAccount(1)
            let first = sample.accessKey.id
            let user = try await store.insertUsers("alice", in: sample)[0]
            try await store.insert(sample.accessKey("of a user", of: user))
            func expectLast(_ id: String) async {
                await expect(.lastRootKey) { try await store.setEnabled(false, accessKey: id) }
                await expect(.lastRootKey) { try await store.deleteAccessKey(id) }
            }
            await expectLast(first)
            try await store.insert(sample.accessKey("second", of: sample.root))
            try await store.setEnabled(false, accessKey: first)
            await expectLast("second")
            try await store.deleteAccessKey(first)
            await expectLast("second")
            #expect(try await store.accessKeys(of: sample.root.id).map(\.id) == ["second"])
            #expect(try await store.accessKey("second")?.accessKey.isEnabled == true)
        },
        Check("Of two root access keys that are disabled at once, one stays") { store async throws in
            let sample = try await store.insertAccount(1)
            try await store.insert(sample.accessKey("second", of: sample.root))
            await withTaskGroup(of: Void.self) { group in
                for id in [sample.accessKey.id, "second"] {
                    group.addTask { try? await store.setEnabled(false, accessKey: id) }
                }
            }
            #expect(try await store.accessKeys(of: sample.root.id).count(where: \.isEnabled) == 1)
        },
        Check("What is not there is neither changed nor deleted") { store async throws in
            let sample = try await store.insertAccount(1)
            try await store.insert(sample.accessKey("second", of: sample.root))
            for id in ["absent", "second\u{0}"] {
                await expect(.accessKeyNotFound) { try await store.setEnabled(true, accessKey: id) }
                await expect(.accessKeyNotFound) { try await store.setEnabled(false, accessKey: id) }
                await expect(.accessKeyNotFound) { try await store.deleteAccessKey(id) }
            }
            #expect(try await store.accessKeys(of: sample.root.id).count(where: \.isEnabled) == 2)
        },
        Check("The last use of access keys is noted and never goes back") { store async throws in
            let sample = try await store.insertAccount(1)
            try await store.insert(sample.accessKey("second", of: sample.root))
            let user = try await store.insertUsers("alice", in: sample)[0]
            try await store.insert(sample.accessKey("third", of: user))
            let first = sample.accessKey.id
            let steps: [(uses: [String: Int64], expected: [Int64?])] = [
                ([:], [nil, nil, nil]),
                ([first: 60, "second": 120, "gone": 60, "third\u{0}": 60], [60, 120, nil]),
                ([first: 180, "second": 60], [180, 120, nil]),
            ]
            for (uses, expected) in steps {
                try await store.noteUse(of: uses.mapValues(Timestamp.init(seconds:)))
                var noted: [Int64?] = []
                for id in [first, "second", "third"] {
                    noted.append(try await store.accessKey(id)?.accessKey.lastUsedAt?.seconds)
                }
                #expect(noted == expected)
            }
            #expect(try await store.accessKey("gone") == nil)
        },
    ]
}
