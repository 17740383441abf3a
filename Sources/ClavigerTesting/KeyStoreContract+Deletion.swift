import ClavigerCore
import Testing

extension KeyStoreContract {
    static let deletion = [
        Check("A key is deleted only when its deletion is due") { store async throws in
            let scope = SampleKey.scope()
            let waiting = SampleKey.make("1", in: scope, state: .pendingDeletion, deletionDate: Timestamp(seconds: 11))
            let enabled = SampleKey.make("2", in: scope)
            try await store.insert([waiting, enabled])
            for id in [waiting.id, enabled.id, SampleKey.id()] {
                #expect(try await store.deleteKey(id, dueAt: Timestamp(seconds: 10)) == nil)
            }
            #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 9).total == 2)
        },
        Check("A key whose deletion was called off is not due") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, state: .pendingDeletion, deletionDate: Timestamp(seconds: 10))
            try await store.insert([key])
            _ = try await store.update([key.id], in: scope) { key throws(KMSError) in try key.cancelDeletion() }
            #expect(try await store.keysDue(for: .deletion, at: Timestamp(seconds: 20), limit: 10) == [])
            #expect(try await store.deleteKey(key.id, dueAt: Timestamp(seconds: 20)) == nil)
            #expect(try await store.key(key.id) != nil)
        },
        Check("A key is deleted with everything that belongs to it, and returned once") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make(
                "app", in: scope, state: .pendingDeletion, deletionDate: Timestamp(seconds: 10),
                tags: [KeyTag(key: "a", value: "b")])
            let other = SampleKey.make("other", in: scope, tags: [KeyTag(key: "a", value: "b")])
            try await store.insert(key, version: SampleKey.version(of: key), limit: 10)
            try await store.insert(other, version: SampleKey.version(of: other), limit: 10)
            let stored = try await store.key(key.id)
            #expect(try await store.deleteKey(key.id, dueAt: Timestamp(seconds: 10)) == stored)
            #expect(try await store.deleteKey(key.id, dueAt: Timestamp(seconds: 10)) == nil)
            #expect(try await store.key(key.id) == nil)
            #expect(try await store.versions(of: key.id) == [])
            #expect(try await store.versions(of: other.id).count == 1)
            var tagged = KeyQuery(scope: scope)
            tagged.tagFilters = [KeyQuery.TagFilter(key: "a", values: ["b"])]
            for query in [KeyQuery(scope: scope), tagged] {
                #expect(try await store.aliases(query) == ["other"])
                #expect(try await store.list(query, offset: 0, limit: 9).total == 1)
            }
        },
    ]
}
