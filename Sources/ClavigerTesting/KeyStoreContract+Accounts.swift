import ClavigerCore
import Testing

extension KeyStoreContract {
    static let accounts = [
        Check("An unknown access key is nil") { store async throws in
            #expect(try await store.accessKey("AKIDabsent") == nil)
        },
        Check("An access key comes with its identity") { store async throws in
            let sample = SampleAccount(number: 100_000_000_001)
            try await sample.insert(into: store)
            let found = try #require(try await store.accessKey(sample.accessKey.id))
            #expect(found.accessKey == sample.accessKey)
            #expect(found.identity == sample.root)
        },
        Check("An access key id is compared in every character") { store async throws in
            let sample = SampleAccount(number: 1)
            try await sample.insert(into: store)
            #expect(try await store.accessKey(sample.accessKey.id.lowercased()) == nil)
            #expect(try await store.accessKey(sample.accessKey.id + "\u{0}") == nil)
        },
        Check("Accounts are given oldest first, those of one second as they came") { store async throws in
            for (number, age) in [(5, 10), (3, 30), (9, 10), (1, 20)] as [(Int64, Int64)] {
                try await SampleAccount(number: number, createdAt: Timestamp(seconds: 1000 - age)).insert(into: store)
            }
            #expect(try await store.accounts().map(\.id.number) == [3, 1, 5, 9])
            #expect(
                try await store.accounts().first == SampleAccount(number: 3, createdAt: Timestamp(seconds: 970)).account
            )
        },
        Check("An account that cannot be stored whole is not stored") { store async throws in
            let first = SampleAccount(number: 1)
            let second = SampleAccount(number: 2, accessKeyID: first.accessKey.id)
            try await first.insert(into: store)
            await expect(.storeUnavailable) { try await second.insert(into: store) }
            #expect(try await store.accounts() == [first.account])
        },
    ]
}
