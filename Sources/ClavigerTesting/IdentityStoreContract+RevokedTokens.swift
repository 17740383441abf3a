import ClavigerCore
import Testing

extension IdentityStoreContract {
    static let revokedTokens: [Check] = [
        Check("A revoked token is void until it would be by its age") { store async throws in
            let now = SampleKey.moment
            try await store.revokeToken([1, 0, 255], expiry: now + .seconds(10))
            try await store.revokeToken([2], expiry: now + .seconds(20))
            #expect(Set(try await store.revokedTokens(at: now)) == [[1, 0, 255], [2]])
            #expect(try await store.revokedTokens(at: now + .seconds(9)).count == 2)
            #expect(try await store.revokedTokens(at: now + .seconds(10)) == [[2]])
            // What is forgotten does not come back.
            #expect(try await store.revokedTokens(at: now) == [[2]])
            #expect(try await store.revokedTokens(at: now + .seconds(20)) == [])
        },
        Check("A token that is revoked again is void until the later moment") { store async throws in
            let now = SampleKey.moment
            for seconds in [10, 30, 20] { try await store.revokeToken([7], expiry: now + .seconds(seconds)) }
            #expect(try await store.revokedTokens(at: now + .seconds(29)) == [[7]])
            #expect(try await store.revokedTokens(at: now + .seconds(30)) == [])
        },
    ]
}
