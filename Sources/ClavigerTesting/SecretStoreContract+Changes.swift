import ClavigerCore
import Testing

extension SecretStoreContract {
    static let changes: [Check] = [
        Check("Description, tags and the date of deletion change, and nothing else") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([
                SampleSecret.make("app", in: scope, description: "\u{e9}", tags: [KeyTag(key: "a", value: "1")]),
                SampleSecret.make("other", in: scope),
            ])
            let later = SampleKey.moment + .days(1)
            let steps: [(name: String, change: @Sendable (inout Secret) throws(KMSError) -> [SecretEffect])] = [
                (
                    "describe",
                    { secret throws(KMSError) in
                        try secret.describe(as: "e\u{301}", at: later); return []
                    }
                ),
                (
                    "tag",
                    { secret throws(KMSError) in
                        let tags = [KeyTag(key: "b", value: "2"), KeyTag(key: "a", value: "3")]
                        try secret.addTags(tags, limit: 9, at: later); return []
                    }
                ),
                (
                    "untag",
                    { secret throws(KMSError) in
                        try secret.removeTags(named: ["a"], at: later + .days(1)); return []
                    }
                ),
                (
                    "delete",
                    { secret throws(KMSError) in
                        try secret.scheduleDeletion(at: later + .days(7)); return []
                    }
                ),
                (
                    "restore",
                    { secret throws(KMSError) in
                        try secret.restore(); return []
                    }
                ),
            ]
            var expected = try #require(try await store.secret("app", in: scope))
            let other = try await store.secret("other", in: scope)
            for (name, step) in steps {
                _ = try step(&expected)
                #expect(try await store.change("app", in: scope, step) == expected, "\(name)")
                let stored = try #require(try await store.secret("app", in: scope))
                #expect(stored == expected, "\(name)")
                #expect(Array(stored.description.utf8) == Array("e\u{301}".utf8), "\(name)")
            }
            #expect(try await store.secret("other", in: scope) == other)
            #expect(try await store.value(of: "app", version: "v1", in: scope) == SampleSecret.value(1))
        },
        Check("What a change throws comes out as it is, and nothing is changed") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleSecret.make("app", in: scope)])
            let stored = try await store.secret("app", in: scope)
            let error = await #expect(throws: KMSError.self) {
                try await store.change("app", in: scope) { secret throws(KMSError) in
                    try secret.describe(as: "changed", at: SampleKey.moment)
                    throw KMSError(.keyDisabled, "as it is")
                }
            }
            #expect(error?.code == .keyDisabled)
            #expect(error?.message == "as it is")
            #expect(try await store.secret("app", in: scope) == stored)
        },
        Check("Changes at the same time lose nothing") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleSecret.make("app", in: scope)])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        _ = try? await store.change("app", in: scope) { secret throws(KMSError) in
                            try secret.describe(as: secret.description + "+", at: SampleKey.moment)
                            if number % 4 == 0 { throw KMSError(.keyDisabled, "no") }
                            return []
                        }
                    }
                }
            }
            #expect(try await store.secret("app", in: scope)?.description.count == 30)
        },
    ]

    static let deletion: [Check] = [
        Check("A secret is deleted if it shall be as it is, with its values; its name can come again") {
            store async throws in
            let scope = SampleKey.scope()
            let name = SecretName(checked: "app")
            try await store.insert([
                SampleSecret.make("app", in: scope, tags: [KeyTag(key: "a", value: "b")]),
                SampleSecret.make("other", in: scope),
            ])
            try await store.put(SampleSecret.version("v2", [.current]), 2, in: "app", of: scope)
            let stored = try #require(try await store.secret(name, in: scope))
            #expect(try await store.deleteSecret(name, in: scope) { $0.versions.count == 1 } == nil)
            await expect(.keyDisabled) {
                _ = try await store.deleteSecret(name, in: scope) { _ throws(KMSError) in
                    throw KMSError(.keyDisabled, "no")
                }
            }
            #expect(try await store.secret(name, in: scope) == stored)
            #expect(try await store.deleteSecret(name, in: scope) { $0.versions.count == 2 } == stored)
            #expect(try await store.secret(name, in: scope) == nil)
            #expect(try await store.deleteSecret(name, in: scope) { _ in true } == nil)
            #expect(try await store.listSecrets(SecretQuery(scope: scope), offset: 0, limit: 9).total == 1)

            try await store.insert(SampleSecret.make("app", in: scope), value: SampleSecret.value(7), limit: 2)
            let new = try #require(try await store.secret(name, in: scope))
            #expect(new.sequence > stored.sequence + 1)
            #expect(new.tags == [] && new.versions.map(\.id) == ["v1"])
            #expect(try await store.value(of: "app", version: "v1", in: scope) == SampleSecret.value(7))
            #expect(try await store.value(of: "app", version: "v2", in: scope) == nil)
        },
        Check("Secrets whose deletion is due are given earliest first, up to the limit, in all scopes") {
            store async throws in
            let dates: [Int64?] = [30, nil, 10, 20, 40, 10]
            let secrets = dates.enumerated().map { number, date in
                SampleSecret.make(
                    "\(number)", in: SampleKey.scope(), deletionDate: date.map { Timestamp(seconds: $0) })
            }
            try await store.insert(secrets)
            func due(at second: Int64, limit: Int = 10) async throws -> [String] {
                try await store.secretsDue(at: Timestamp(seconds: second), limit: limit).map { name, scope in
                    #expect(secrets.contains { $0.name == name && $0.scope == scope })
                    return name.text
                }
            }
            #expect(try await due(at: 9) == [])
            #expect(try await due(at: 30) == ["2", "5", "3", "0"])
            #expect(try await due(at: 29) == ["2", "5", "3"])
            #expect(try await due(at: 30, limit: 2) == ["2", "5"])
            #expect(try await due(at: 30, limit: 0) == [])
            try await store.change("5", in: secrets[5].scope) { secret throws(KMSError) in
                try secret.restore()
                return []
            }
            try await store.change("1", in: secrets[1].scope) { secret throws(KMSError) in
                try secret.scheduleDeletion(at: Timestamp(seconds: 5))
                return []
            }
            _ = try await store.deleteSecret(secrets[3].name, in: secrets[3].scope) { _ in true }
            #expect(try await due(at: 30) == ["1", "2", "0"])
        },
    ]
}
