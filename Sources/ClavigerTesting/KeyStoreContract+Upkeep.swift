import ClavigerCore
import Testing

extension KeyStoreContract {
    static let upkeep = [
        Check("An open store is healthy") { store async throws in
            try await store.checkHealth()
            try await store.checkHealth()
        },
        Check("A closed store is unavailable, to everything") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            await store.close()
            await expect(.storeUnavailable) { try await store.checkHealth() }
            await expect(.storeUnavailable) { _ = try await store.key(key.id) }
            await expect(.storeUnavailable) { _ = try await store.setting("a") }
            await expect(.storeUnavailable) { _ = try await store.insertSettings(["a": []]) }
            await expect(.storeUnavailable) { try await store.insert([SampleKey.make("2", in: scope)]) }
            await expect(.storeUnavailable) { _ = try await store.list(KeyQuery(scope: scope), offset: 0, limit: 9) }
            await expect(.storeUnavailable) { _ = try await store.update([key.id], in: scope) { _ in } }
            await expect(.storeUnavailable) { _ = try await store.deleteKey(key.id, dueAt: SampleKey.moment) }
            await expect(.storeUnavailable) {
                _ = try await store.keysDue(for: .rotation, at: SampleKey.moment, limit: 9)
            }
            await expect(.storeUnavailable) { _ = try await store.importParameters(SampleKey.tokenDigest(1)) }
            await expect(.storeUnavailable) { try await store.deleteImportParameters(expiredAt: SampleKey.moment) }
            await store.close()
        },
    ]
}
