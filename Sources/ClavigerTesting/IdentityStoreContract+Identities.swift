import ClavigerCore
import Testing

extension IdentityStoreContract {
    static let identities: [Check] = [
        Check("A user is found by id and by name in its account") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            var user = sample.user("alice", number: 11)
            user.description = "who she is"
            user.isEnabled = false
            user.password = PasswordDigest(salt: [0, 1], rounds: 7, digest: [255, 0])
            user.sessionsValidFrom = Timestamp(seconds: 5)
            try await store.insert(user)
            #expect(try await store.identity(user.id) == user)
            #expect(try await store.identity(named: "alice", in: sample.account.id) == user)
            for name in ["Alice", "alice\u{0}", "alic", ""] {
                #expect(try await store.identity(named: name, in: sample.account.id) == nil)
            }
            #expect(try await store.identity(named: "alice", in: other.account.id) == nil)
            #expect(try await store.identity(user.id + "\u{0}") == nil)
            #expect(try await store.identity("absent") == nil)
        },
        Check("A user without a password has none") { store async throws in
            let sample = try await store.insertAccount(1)
            let user = try await store.insertUsers("alice", in: sample)[0]
            let stored = try #require(try await store.identity(user.id))
            #expect(stored == user)
            #expect(stored.password == nil)
        },
        Check("A name is its own in the account, a number in all of them") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            try await store.insert(sample.user("alice", number: 11))
            await expect(.nameExists) { try await store.insert(sample.user("root", number: 12)) }
            let namesake = Identity(
                id: "x", number: IdentityNumber(13), account: sample.account.id, name: "alice", isRoot: false,
                password: nil, createdAt: SampleKey.moment)
            await expect(.nameExists) { try await store.insert(namesake) }
            for number in [1, 2, 11] as [Int64] {
                await expect(.nameExists) { try await store.insert(other.user("bob", number: number)) }
            }
            try await store.insert(other.user("alice", number: 12))
            #expect(try await store.identities(of: sample.account.id, after: nil, limit: 9).count == 2)
            #expect(try await store.identities(of: other.account.id, after: nil, limit: 9).count == 2)
        },
        Check("As many users as there may be come into an account, also if they come at once") { store async throws in
            let sample = try await store.insertAccount(1)
            _ = try await store.insertUsers("x", "y", in: try await store.insertAccount(2))
            await expectRefusals(5, of: 8) {
                try await store.insert(sample.user("u\($0)", number: 100 + Int64($0)), limit: 3)
            }
            #expect(try await store.identities(of: sample.account.id, after: nil, limit: 9).count == 4)
            await expect(.tooMany) { try await store.insert(sample.user("more", number: 200), limit: 3) }
            try await store.insert(sample.user("more", number: 200), limit: 4)
            await expect(.nameExists) { try await store.insert(sample.user("more", number: 201), limit: 4) }
        },
        Check("An identity of no account is refused, an id that exists too") { store async throws in
            let sample = try await store.insertAccount(1)
            let stranger = SampleAccount(number: 2).user("alice", number: 11)
            await expect(.accountNotFound) { try await store.insert(stranger) }
            let again = Identity(
                id: sample.root.id, number: IdentityNumber(12), account: sample.account.id, name: "x", isRoot: false,
                password: nil, createdAt: SampleKey.moment)
            await expect(.storeUnavailable) { try await store.insert(again) }
        },
        Check("Identities are paged by name, byte for byte, the root among them") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            _ = try await store.insertUsers("b", "a", "Z", "aa", "\u{e9}", "e\u{301}", in: sample)
            _ = try await store.insertUsers("m", in: other)
            let names = ["Z", "a", "aa", "b", "e\u{301}", "root", "\u{e9}"]
            func page(after name: String?, limit: Int) async throws -> [[UInt8]] {
                try await store.identities(of: sample.account.id, after: name, limit: limit).map { Array($0.name.utf8) }
            }
            #expect(try await page(after: nil, limit: 100) == names.map { Array($0.utf8) })
            for limit in [1, 3] {
                var found: [[UInt8]] = []
                var last: String?
                while true {
                    let next = try await page(after: last, limit: limit)
                    found += next
                    guard next.count == limit else { break }
                    last = String(decoding: next[limit - 1], as: UTF8.self)
                }
                #expect(found == names.map { Array($0.utf8) })
            }
            #expect(try await page(after: "a\u{0}", limit: 1) == [Array("aa".utf8)])
            #expect(try await page(after: "", limit: 1) == [Array("Z".utf8)])
            #expect(try await page(after: "\u{e9}", limit: 9) == [])
            #expect(try await page(after: nil, limit: 0) == [])
            #expect(try await store.identities(of: AccountID(3), after: nil, limit: 9) == [])
        },
        Check("A change of an identity is stored and given back") { store async throws in
            let sample = try await store.insertAccount(1)
            let users = try await store.insertUsers("alice", "bob", in: sample)
            var expected = users[0]
            let change: @Sendable (inout Identity) -> Void = { identity in
                identity.description = "e\u{301}"
                identity.isEnabled = false
                identity.password = PasswordDigest(salt: [1], rounds: 2, digest: [3])
                identity.sessionsValidFrom = Timestamp(seconds: 99)
            }
            change(&expected)
            #expect(try await store.changeIdentity(users[0].id) { change(&$0) } == expected)
            #expect(try await store.identity(users[0].id) == expected)
            #expect(try await store.identity(users[1].id) == users[1])

            try await store.changeIdentity(users[0].id) { $0.password = nil }
            #expect(try await store.identity(users[0].id)?.password == nil)
            #expect(try await store.identity(users[0].id)?.sessionsValidFrom == Timestamp(seconds: 99))
        },
        Check("What a change throws comes out as it is, and nothing is changed") { store async throws in
            let sample = try await store.insertAccount(1)
            await expect(.wrongPassword) {
                try await store.changeIdentity(sample.root.id) { identity throws(KMSError) in
                    identity.description = "changed"
                    throw KMSError(.wrongPassword, "no")
                }
            }
            #expect(try await store.identity(sample.root.id) == sample.root)
            for id in ["absent", sample.root.id + "\u{0}"] {
                await expect(.identityNotFound) { try await store.changeIdentity(id) { _ in } }
            }
        },
        Check("The root identity changes, but is never disabled") { store async throws in
            let sample = try await store.insertAccount(1)
            await expect(.rootIdentity) { try await store.changeIdentity(sample.root.id) { $0.isEnabled = false } }
            try await store.changeIdentity(sample.root.id) { $0.sessionsValidFrom = Timestamp(seconds: 3) }
            let stored = try await store.identity(sample.root.id)
            #expect(stored?.isEnabled == true)
            #expect(stored?.sessionsValidFrom == Timestamp(seconds: 3))
        },
        Check("Changes at the same time lose nothing") { store async throws in
            let sample = try await store.insertAccount(1)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        _ = try? await store.changeIdentity(sample.root.id) { $0.description += "+" }
                    }
                }
            }
            #expect(try await store.identity(sample.root.id)?.description.count == 20)
        },
        Check("A deleted user is gone with its access keys, memberships and attachments") { store async throws in
            let sample = try await store.insertAccount(1)
            let users = try await store.insertUsers("alice", "bob", in: sample)
            let group = try await store.insertGroups("g", in: sample)[0]
            let policy = try await store.insertPolicies("p", in: sample)[0]
            for user in users {
                try await store.insert(sample.accessKey("key of \(user.name)", of: user))
                try await store.attach(policy: policy.id, to: .user(user.id))
            }
            try await store.addMembers(users.map(\.id), to: group.id)
            try await store.deleteIdentity(users[0].id)
            #expect(try await store.identity(users[0].id) == nil)
            #expect(try await store.accessKey("key of alice") == nil)
            #expect(try await store.accessKeys(of: users[0].id) == [])
            #expect(try await store.members(of: group.id) == [users[1]])
            #expect(try await store.holders(ofPolicy: policy.id).users == [users[1]])
            #expect(try await store.policies(applyingTo: users[0].id) == [])
            #expect(try await store.accessKey("key of bob")?.identity == users[1])
            // The name is free again.
            try await store.insert(users[0])
            #expect(try await store.policies(applyingTo: users[0].id) == [])
            #expect(try await store.accessKeys(of: users[0].id) == [])
        },
        Check("Neither the root identity is deleted nor one that is not there") { store async throws in
            let sample = try await store.insertAccount(1)
            for id in [sample.root.id, "absent", sample.root.id + "\u{0}"] {
                await expect(.identityNotFound) { try await store.deleteIdentity(id) }
            }
            #expect(try await store.accessKey(sample.accessKey.id)?.identity == sample.root)
        },
    ]
}
