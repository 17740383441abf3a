import ClavigerCore
import Testing

extension SecretStoreContract {
    static let versions: [Check] = [
        Check("Versions come one after the other, each with its value and labels") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleSecret.make("app", in: scope), SampleSecret.make("other", in: scope)])
            let blue = SecretStage(checked: "blue")
            try await store.put(SampleSecret.version("v3", [.current, blue], form: .binary), 3, in: "app", of: scope)
            let changed = try await store.put(SampleSecret.version("v2", [.current]), 2, in: "app", of: scope)
            let expected = [
                SampleSecret.version("v1"), SampleSecret.version("v3", [blue, .previous], form: .binary),
                SampleSecret.version("v2", [.current]),
            ]
            #expect(changed.versions == expected)
            #expect(try await store.secret("app", in: scope) == changed)
            for (version, value) in [("v1", 1), ("v2", 2), ("v3", 3)] as [(String, UInt8)] {
                #expect(
                    try await store.value(of: "app", version: version, in: scope) == SampleSecret.value(value))
            }
            #expect(try await store.value(of: "other", version: "v2", in: scope) == nil)
            #expect(try await store.secret("other", in: scope)?.versions == [SampleSecret.version("v1", [.current])])
        },
        Check("The version to read is chosen of the secret as it is; there may be none such") { store async throws in
            let scope = SampleKey.scope()
            let name = SecretName(checked: "app")
            try await store.insert([SampleSecret.make("app", in: scope)])
            try await store.put(SampleSecret.version("v2", [.current]), 2, in: "app", of: scope)
            for (stage, version, value) in [
                (SecretStage.current, "v2", SampleSecret.value(2)), (.previous, "v1", SampleSecret.value(1)),
                (SecretStage(checked: "blue"), nil, nil),
            ] as [(SecretStage, String?, SealedSecretValue?)] {
                let found = try #require(
                    try await store.secretWithValue(name, in: scope) { $0.version(at: stage) })
                #expect(found.secret.versions.count == 2)
                #expect(found.version?.id == version)
                #expect(found.value == value)
            }
        },
        Check("Ids of versions and labels count byte for byte") { store async throws in
            let scope = SampleKey.scope()
            let ids = ["a", "A", "\u{e9}", "e\u{301}", "a "]
            try await store.insert([SampleSecret.make("app", in: scope)])
            for (number, id) in ids.enumerated() {
                try await store.put(
                    SampleSecret.version(id, [SecretStage(checked: id)]), UInt8(10 + number), in: "app", of: scope)
            }
            let stored = try #require(try await store.secret("app", in: scope))
            #expect(stored.versions.dropFirst().map { Array($0.id.utf8) } == ids.map { Array($0.utf8) })
            #expect(stored.versions.dropFirst().map(\.stages) == ids.map { [SecretStage(checked: $0)] })
            for (number, id) in ids.enumerated() {
                let value = try await store.value(of: "app", version: id, in: scope)
                #expect(value == SampleSecret.value(UInt8(10 + number)))
            }
            for id in ["\u{c9}", "a\u{0}", ""] {
                #expect(try await store.value(of: "app", version: id, in: scope) == nil)
            }
        },
        Check("Labels move between versions, come and go, in the order in which each version got them") {
            store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleSecret.make("app", in: scope)])
            try await store.put(SampleSecret.version("v2"), 2, in: "app", of: scope)
            let (z, a) = (SecretStage(checked: "z"), SecretStage(checked: "a"))
            let steps: [(stage: SecretStage, to: String?, [[SecretStage]])] = [
                (z, "v2", [[.current], [z]]), (a, "v2", [[.current], [z, a]]),
                (.current, "v2", [[.previous], [z, a, .current]]), (z, "v1", [[.previous, z], [a, .current]]),
                (.current, "v1", [[z, .current], [a, .previous]]), (z, nil, [[.current], [a, .previous]]),
            ]
            for (number, (stage, target, expected)) in steps.enumerated() {
                let changed = try await store.change("app", in: scope) { secret throws(KMSError) in
                    try secret.moveStage(stage, to: target, from: nil, at: SampleKey.moment)
                    return []
                }
                #expect(changed.versions.map(\.stages) == expected, "\(number)")
                #expect(try await store.secret("app", in: scope) == changed, "\(number)")
            }
            #expect(try await store.value(of: "app", version: "v2", in: scope) == SampleSecret.value(2))
        },
        Check("The value of a version that is gone is gone, and its id can come again") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleSecret.make("app", in: scope), SampleSecret.make("other", in: scope)])
            for number in 2...Secret.mostVersions + 1 {
                try await store.put(
                    SampleSecret.version("v\(number)", [.current]), UInt8(number), in: "app", of: scope)
            }
            let stored = try #require(try await store.secret("app", in: scope))
            #expect(stored.versions.map(\.id) == (2...Secret.mostVersions + 1).map { "v\($0)" })
            #expect(try await store.value(of: "app", version: "v1", in: scope) == nil)
            #expect(try await store.value(of: "app", version: "v2", in: scope) == SampleSecret.value(2))
            #expect(try await store.value(of: "other", version: "v1", in: scope) == SampleSecret.value(1))
            let changed = try await store.put(SampleSecret.version("v1"), 200, in: "app", of: scope)
            #expect(changed.versions.map(\.id).last == "v1" && changed.versions.first?.id == "v3")
            #expect(try await store.secret("app", in: scope) == changed)
            #expect(try await store.value(of: "app", version: "v1", in: scope) == SampleSecret.value(200))
            #expect(try await store.value(of: "app", version: "v2", in: scope) == nil)
        },
        Check("A version without a value, or a value without a version, changes nothing") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleSecret.make("app", in: scope)])
            let stored = try await store.secret("app", in: scope)
            let failing: [(String?, [String])] = [("v2", []), (nil, ["v1"]), (nil, ["v2"]), ("v2", ["v2", "v3"])]
            for (version, values) in failing {
                await expect(.internalFailure) {
                    try await store.change("app", in: scope) { secret throws(KMSError) in
                        try secret.describe(as: "changed", at: SampleKey.moment + .seconds(5))
                        if let version {
                            try secret.addVersion(SampleSecret.version(version, [.current]), at: SampleKey.moment)
                        }
                        return values.map { .addValue(SampleSecret.value(9), version: $0) }
                    }
                }
                #expect(try await store.secret("app", in: scope) == stored)
                #expect(try await store.value(of: "app", version: "v1", in: scope) == SampleSecret.value(1))
                #expect(try await store.value(of: "app", version: "v2", in: scope) == nil)
            }
        },
        Check("Versions that come at the same time are all there") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleSecret.make("app", in: scope)])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    // Each id twice: one of the two fails and harms no other.
                    let version = SampleSecret.version("\(number / 2)", [.current])
                    group.addTask {
                        _ = try? await store.put(version, UInt8(number / 2), in: "app", of: scope)
                    }
                }
            }
            let stored = try #require(try await store.secret("app", in: scope))
            #expect(Set(stored.versions.map(\.id)) == Set((0..<20).map(String.init) + ["v1"]))
            #expect(stored.versions.count == 21)
            #expect(stored.versions.last?.stages == [.current])
            for number in 0..<20 {
                let value = try await store.value(of: "app", version: "\(number)", in: scope)
                #expect(value == SampleSecret.value(UInt8(number)))
            }
        },
    ]
}
