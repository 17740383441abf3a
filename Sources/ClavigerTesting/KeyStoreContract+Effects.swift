import ClavigerCore
import Testing

extension KeyStoreContract {
    static let effects: [Check] = [
        Check("A change is stored with all its effects, in their order") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, primaryVersion: KeyVersionID(1))
            try await store.insert(key, version: SampleKey.version(of: key), limit: 10)
            let second = SampleKey.version(of: key, id: KeyVersionID(2))
            let parameters = SampleKey.importParameters(for: key.id, token: 1)
            let changed = try await store.change([key.id], in: scope) { key throws(KMSError) in
                try key.rotate(to: second.id, at: SampleKey.moment)
                return [
                    .removeVersions, .addVersion(second), .bind(cosBucket), .unbind(cosBucket), .bind(cbsDisk),
                    .addImportParameters(parameters, supersedesEarlier: true),
                ]
            }
            #expect(changed.map(\.primaryVersion) == [second.id])
            #expect(changed.map(\.bindingCount) == [1])
            #expect(try await store.key(key.id) == changed.first)
            #expect(try await store.versions(of: key.id) == [second])
            #expect(try await store.importParameters(parameters.tokenDigest) == parameters)
        },
        Check("If one effect fails, neither the keys nor what belongs to any of them has changed") {
            store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope, primaryVersion: KeyVersionID(UInt128($0) ?? 0)) }
            let versions = keys.map { SampleKey.version(of: $0) }
            for (key, version) in zip(keys, versions) { try await store.insert(key, version: version, limit: 10) }
            let earlier = SampleKey.importParameters(for: keys[0].id, token: 1)
            _ = try await store.change([keys[0].id], in: scope) { _ in
                [.bind(cosBucket), .addImportParameters(earlier, supersedesEarlier: false)]
            }
            let third = SampleKey.make("3", in: scope, primaryVersion: KeyVersionID(7))
            try await store.insert(third, version: SampleKey.version(of: third), limit: 10)
            let stored = try await store.keys(keys.map(\.id), in: scope)

            let failing: [(KeyEffect, KMSError.Code)] = [
                (.unbind(cosBucket), .bindingNotFound),
                (.addVersion(versions[0]), .internalFailure),
                (.addImportParameters(earlier, supersedesEarlier: false), .internalFailure),
                (.addVersion(SampleKey.version(of: keys[1], id: KeyVersionID(7))), .storeUnavailable),
            ]
            for (last, code) in failing {
                await expect(code) {
                    _ = try await store.change(keys.map(\.id), in: scope) { key throws(KMSError) in
                        try key.rename(KeyAlias(checked: "renamed \(key.primaryName)"))
                        guard key.id == keys[0].id else { return [.bind(cbsDisk), last] }
                        let later = SampleKey.importParameters(for: key.id, token: 2)
                        return [
                            .addVersion(SampleKey.version(of: key, id: KeyVersionID(3))), .removeVersions,
                            .bind(cbsDisk), .unbind(cosBucket), .addImportParameters(later, supersedesEarlier: true),
                        ]
                    }
                }
                #expect(try await store.keys(keys.map(\.id), in: scope) == stored, "\(last)")
                #expect(try await store.versions(of: keys[0].id) == [versions[0]], "\(last)")
                #expect(try await store.versions(of: keys[1].id) == [versions[1]], "\(last)")
                #expect(try await store.importParameters(earlier.tokenDigest) == earlier, "\(last)")
                #expect(try await store.importParameters(SampleKey.tokenDigest(2)) == nil, "\(last)")
            }
            // The first key's binding is still the one it was.
            _ = try await store.change([keys[0].id], in: scope) { _ in [.unbind(cosBucket)] }
        },
        Check("If the change of one key throws, the effects on the others are not stored") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            await expect(.keyInUse) {
                _ = try await store.change(keys.map(\.id), in: scope) { key throws(KMSError) in
                    guard key.id == keys[0].id else { throw KMSError(.keyInUse, "no") }
                    return [.bind(cosBucket), .addVersion(SampleKey.version(of: key))]
                }
            }
            #expect(try await store.key(keys[0].id)?.bindingCount == 0)
            #expect(try await store.versions(of: keys[0].id) == [])
        },
        Check("An alias that is taken undoes the effects too") { store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "taken"].map { SampleKey.make($0, in: scope) }
            try await store.insert(keys)
            await expect(.aliasExists) {
                _ = try await store.change([keys[0].id], in: scope) { key throws(KMSError) in
                    try key.rename(KeyAlias(checked: "taken"))
                    return [.bind(cosBucket)]
                }
            }
            #expect(try await store.key(keys[0].id)?.bindingCount == 0)
        },
        Check("A key that is given twice has its effects once, and is given back twice as it is") {
            store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope)
            try await store.insert([key])
            let changed = try await store.change([key.id, key.id], in: scope) { key in
                [.addVersion(SampleKey.version(of: key)), .bind(cosBucket)]
            }
            #expect(changed.map(\.bindingCount) == [1, 1])
            #expect(try await store.versions(of: key.id).count == 1)
        },
        Check("Rotation is turned on, done and turned off") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, primaryVersion: KeyVersionID(1))
            try await store.insert([key])
            try await change(key, in: store) { key throws(KMSError) in
                try key.enableRotation(every: .days(30), from: SampleKey.moment)
            }
            try await change(key, in: store) { key throws(KMSError) in
                try key.enableRotation(every: .seconds(7), from: SampleKey.moment)
            }
            try await change(key, in: store) { key throws(KMSError) in
                try key.rotate(to: KeyVersionID(2), at: SampleKey.moment + .days(1))
            }
            try await change(key, in: store) { key throws(KMSError) in
                try key.disableRotation()
            }
            let last = try await store.key(key.id)
            #expect(last?.rotationPolicy == nil)
            #expect(last?.lastRotation == SampleKey.moment + .days(1))
        },
        Check("Material from outside comes, comes again, and goes, all but its digest") { store async throws in
            let scope = SampleKey.scope()
            let key = SampleKey.make("1", in: scope, origin: .external, state: .pendingImport)
            try await store.insert([key])
            try await change(key, in: store) { key throws(KMSError) in
                try key.importMaterial(digest: [1, 0, 255], expiry: SampleKey.moment)
            }
            try await change(key, in: store) { key throws(KMSError) in
                try key.importMaterial(digest: [1, 0, 255], expiry: nil)
            }
            try await change(key, in: store) { key throws(KMSError) in
                try key.importMaterial(digest: [1, 0, 255], expiry: SampleKey.moment)
            }
            try await change(key, in: store) { key throws(KMSError) in
                try key.deleteImportedMaterial()
            }
            let last = try await store.key(key.id)
            #expect(last?.importedMaterial == ImportedMaterial(digest: [1, 0, 255], expiry: nil))
            #expect(last?.primaryVersion == nil)
            #expect(last?.state == .pendingImport)
        },
    ]

    static let cosBucket = ResourceBinding(product: "cos", resource: "bucket")
    static let cbsDisk = ResourceBinding(product: "cbs", resource: "disk")

    /// Changes the key, which must then be stored as the domain has changed it.
    private static func change(
        _ key: Key, in store: any KeyStore, sourceLocation: SourceLocation = #_sourceLocation,
        _ step: @escaping @Sendable (inout Key) throws(KMSError) -> Void
    ) async throws {
        let old = try #require(try await store.key(key.id))
        var expected = old
        try step(&expected)
        #expect(expected != old, sourceLocation: sourceLocation)
        #expect(try await store.update([key.id], in: key.scope, step) == [expected], sourceLocation: sourceLocation)
        #expect(try await store.key(key.id) == expected, sourceLocation: sourceLocation)
    }
}
