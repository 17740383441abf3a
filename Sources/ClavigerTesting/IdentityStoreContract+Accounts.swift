import ClavigerCore
import Testing

extension IdentityStoreContract {
    static let accounts: [Check] = [
        Check("An account is found by number and by name, with all that came with it") { store async throws in
            let sample = try await store.insertAccount(100_000_000_001)
            #expect(try await store.account(sample.account.id) == sample.account)
            #expect(try await store.account(named: "domain-100000000001") == sample.account)
            #expect(try await store.identity(sample.root.id) == sample.root)
            #expect(try await store.accessKey(sample.accessKey.id)?.accessKey == sample.accessKey)
            #expect(try await store.projects(of: sample.account.id) == sample.projects.reversed())
        },
        Check("An unknown account is nil") { store async throws in
            let sample = try await store.insertAccount(1)
            #expect(try await store.account(AccountID(2)) == nil)
            for name in ["domain", "DOMAIN-1", "domain-1\u{0}", ""] {
                #expect(try await store.account(named: name) == nil)
            }
            #expect(try await store.account(named: sample.account.domainName) != nil)
        },
        Check("Accounts are given in the order in which they were made, whatever the clock said") {
            store async throws in
            for (number, age) in [(5, 10), (3, 30), (9, 10), (1, 20)] as [(Int64, Int64)] {
                try await SampleAccount(number: number, createdAt: Timestamp(seconds: 1000 - age)).insert(into: store)
            }
            #expect(try await store.accounts().map(\.id.number) == [5, 3, 9, 1])
        },
        Check("An account's number and name are its own") { store async throws in
            let first = try await store.insertAccount(1)
            _ = try await store.insertUsers("u", in: first)
            for second in [
                SampleAccount(number: 1, name: "other"), SampleAccount(number: 2, name: "domain-1"),
                SampleAccount(number: 1000),
            ] {
                await expect(.nameExists) { try await second.insert(into: store) }
            }
            #expect(try await store.accounts() == [first.account])
            #expect(try await store.accessKey(first.accessKey.id)?.identity == first.root)
        },
        Check("An account that cannot be stored whole is not stored") { store async throws in
            let first = try await store.insertAccount(1)
            let second = SampleAccount(number: 2, accessKeyID: first.accessKey.id)
            await expect(.storeUnavailable) { try await second.insert(into: store) }
            #expect(try await store.accounts() == [first.account])
            #expect(try await store.identity(second.root.id) == nil)
            #expect(try await store.projects(of: second.account.id) == [])
        },
        Check("Names in other spellings are other names, and are kept as they are") { store async throws in
            try await SampleAccount(number: 1, name: "caf\u{e9}").insert(into: store)
            try await SampleAccount(number: 2, name: "cafe\u{301}").insert(into: store)
            let found = try #require(try await store.account(named: "cafe\u{301}"))
            #expect(found.id == AccountID(2))
            #expect(Array(found.domainName.utf8) == Array("cafe\u{301}".utf8))
        },
        Check("An account can be disabled and enabled") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            for isEnabled in [false, true] {
                try await store.setEnabled(isEnabled, account: sample.account.id, at: SampleKey.moment)
                var expected = sample.account
                expected.isEnabled = isEnabled
                #expect(try await store.account(sample.account.id) == expected)
                #expect(try await store.account(other.account.id) == other.account)
            }
            for isEnabled in [true, false] {
                await expect(.accountNotFound) {
                    try await store.setEnabled(isEnabled, account: AccountID(3), at: SampleKey.moment)
                }
            }
        },
        Check("Disabling an account ends the sessions of all its identities, and enabling it none") {
            store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            let user = try await store.insertUsers("alice", in: sample)[0]
            let now = SampleKey.moment
            // The moment only grows, even if the clock goes back.
            let steps: [(isEnabled: Bool, at: Timestamp, expected: Timestamp)] = [
                (true, now, Timestamp(seconds: 0)), (false, now, now), (true, now + .seconds(9), now),
                (false, now, now + .seconds(1)), (false, now - .seconds(9), now + .seconds(2)),
            ]
            for (isEnabled, moment, expected) in steps {
                try await store.setEnabled(isEnabled, account: sample.account.id, at: moment)
                for id in [sample.root.id, user.id] {
                    #expect(try await store.identity(id)?.sessionsValidFrom == expected)
                }
            }
            #expect(try await store.identity(other.root.id) == other.root)
        },
        Check("Only one of callers who store the same name at once succeeds") { store async throws in
            let stored = await withTaskGroup(of: Bool.self) { group in
                for number in 1...8 as ClosedRange<Int64> {
                    group.addTask {
                        do throws(KMSError) {
                            try await SampleAccount(number: number, name: "same").insert(into: store)
                            return true
                        } catch {
                            #expect(error.code == .nameExists)
                            return false
                        }
                    }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(stored == 1)
            #expect(try await store.accounts().count == 1)
        },
    ]
}
