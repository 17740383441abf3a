import ClavigerCore
import Testing

extension KeyStoreContract {
    static let versions: [Check] = [
        Check("Versions are numbered as they come, whatever their ordinal was") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            let versions = [1, 2, 3].map { SampleKey.version(of: key, ordinal: $0, publicKey: $0 == 2 ? [9, 0] : nil) }
            for (version, ordinal) in zip(versions, [1, 1, 7]) {
                _ = try await store.change([key.id], in: scope) { _ in [.addVersion(version.with(ordinal: ordinal))] }
            }
            #expect(try await store.versions(of: key.id) == versions)
            #expect(try await store.keyWithVersions(key.id)?.versions == versions)
        },
        Check("The version that comes with a new key is its first") { store async throws in
            let key = SampleKey.make("1", in: SampleKey.scope())
            let version = SampleKey.version(of: key)
            try await store.insert(key, version: version.with(ordinal: 5), limit: 10)
            #expect(try await store.versions(of: key.id) == [version])
        },
        Check("A version takes the place of the one with its id, whole but for the ordinal") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, primaryVersion: KeyVersionID(1))
            try await store.insert(key, version: SampleKey.version(of: key, publicKey: [1]), limit: 10)
            let kept = SampleKey.version(of: key, id: KeyVersionID(2), ordinal: 2)
            let replacement = KeyVersion(
                id: KeyVersionID(1), key: key.id, ordinal: 1, wrappedMaterial: [8, 9], publicKey: nil,
                createdAt: Timestamp(seconds: 5))
            _ = try await store.change([key.id], in: scope) { _ in
                [.addVersion(kept), .addVersion(replacement.with(ordinal: 7))]
            }
            #expect(try await store.versions(of: key.id) == [replacement, kept])
        },
        Check("Versions that come at the same time are all numbered") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        _ = try? await store.change([key.id], in: scope) { key in
                            [.addVersion(SampleKey.version(of: key))]
                        }
                    }
                }
            }
            #expect(try await store.versions(of: key.id).map(\.ordinal) == Array(1...20))
        },
        Check("All versions of a key are removed, and no other key's; a new one may then come") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
            let versions = keys.map { SampleKey.version(of: $0) }
            for (key, version) in zip(keys, versions) { try await store.insert(key, version: version, limit: 10) }
            _ = try await store.change([keys[0].id], in: scope) { key in
                [.addVersion(SampleKey.version(of: key, id: KeyVersionID(5))), .removeVersions]
            }
            #expect(try await store.versions(of: keys[0].id) == [])
            #expect(try await store.versions(of: keys[1].id) == [versions[1]])
            _ = try await store.change([keys[0].id], in: scope) { _ in [.removeVersions, .addVersion(versions[0])] }
            #expect(try await store.versions(of: keys[0].id) == [versions[0]])
        },
        Check("A new key cannot come with the version of another") { store async throws in
            let scope = SampleKey.scope()
            let first = SampleKey.make("1", in: scope, primaryVersion: KeyVersionID(1))
            let second = SampleKey.make("2", in: scope, primaryVersion: KeyVersionID(1))
            try await store.insert(first, version: SampleKey.version(of: first), limit: 10)
            await expect(.internalFailure) {
                try await store.insert(second, version: SampleKey.version(of: first), limit: 10)
            }
            await expect(.storeUnavailable) {
                try await store.insert(second, version: SampleKey.version(of: second), limit: 10)
            }
            #expect(try await store.key(second.id) == nil)
            #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 9).total == 1)
            #expect(try await store.versions(of: first.id) == [SampleKey.version(of: first)])
        },
        Check("A key takes no more versions than the limit, of others than the one that is replaced") {
            store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, primaryVersion: KeyVersionID(1))
            try await store.insert(key, version: SampleKey.version(of: key), limit: 10)
            let versions = (1...4).map { SampleKey.version(of: key, id: KeyVersionID(UInt128($0)), ordinal: $0) }
            for version in versions[1...2] {
                _ = try await store.change([key.id], in: scope) { _ in [.addVersion(version, limit: 3)] }
            }
            for limit in [0, 2, 3] {
                await expect(.tooManyRotations) {
                    _ = try await store.change([key.id], in: scope) { key throws(KMSError) in
                        try key.describe(as: "changed")
                        return [.addVersion(versions[3], limit: limit)]
                    }
                }
            }
            await expect(.tooManyRotations) {
                _ = try await store.change([key.id], in: scope) { _ in [.addVersion(versions[1], limit: 2)] }
            }
            #expect(try await store.key(key.id)?.description == "")
            #expect(try await store.versions(of: key.id) == Array(versions[...2]))
            _ = try await store.change([key.id], in: scope) { _ in [.addVersion(versions[1], limit: 3)] }
            _ = try await store.change([key.id], in: scope) { _ in [.addVersion(versions[3], limit: 4)] }
            #expect(try await store.versions(of: key.id) == versions)
        },
    ]
}
