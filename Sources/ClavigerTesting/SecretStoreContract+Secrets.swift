import ClavigerCore
import Testing

extension SecretStoreContract {
    static let secrets: [Check] = [
        Check("A secret is read as it was stored, with a sequence and its value") { store async throws in
            let scope = SampleKey.scope()
            let secret = SampleSecret.make(
                "app/db@_=.+-", in: scope, id: UInt128.max - 5, encryptionKey: SampleKey.id(), hasChosenKey: true,
                creator: IdentityNumber(77), createdAt: Timestamp(seconds: 5), updatedAt: Timestamp(seconds: 9),
                description: "some \"text\"\n日本 e\u{301}", deletionDate: SampleKey.moment,
                tags: [KeyTag(key: "z", value: "1"), KeyTag(key: "a", value: ""), KeyTag(key: "\u{e9}", value: "'")],
                versions: [
                    SampleSecret.version(
                        "v\u{e9}", [.current, SecretStage(checked: "blue"), SecretStage(checked: "a")], form: .binary,
                        createdAt: Timestamp(seconds: 7))
                ])
            try await store.insert(secret, value: SampleSecret.value(3), limit: 1)
            let stored = try #require(try await store.secret(secret.name, in: scope))
            #expect(stored.sequence > 0)
            #expect(stored.with(sequence: 0) == secret)
            #expect(Array(stored.description.utf8) == Array(secret.description.utf8))
            let found = try await store.secretWithValue(secret.name, in: scope) { $0.versions.first }
            #expect(found?.secret == stored)
            #expect(found?.version == secret.versions[0])
            #expect(found?.value == SampleSecret.value(3))
        },
        Check("An unknown secret is nil, and cannot be changed or deleted") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([SampleSecret.make("app", in: scope)])
            let elsewhere = KeyScope(account: scope.account, realm: RealmID("east"))
            for (name, scope) in [
                ("App", scope), ("app\u{0}", scope), ("ap", scope), ("", scope), ("app", elsewhere),
                ("app", SampleKey.scope()),
            ] {
                #expect(try await store.secret(name, in: scope) == nil)
                #expect(try await store.value(of: name, version: "v1", in: scope) == nil)
                await expect(.secretNotFound) {
                    try await store.change(name, in: scope) { secret throws(KMSError) in
                        try secret.describe(as: "changed", at: SampleKey.moment)
                        return []
                    }
                }
                #expect(try await store.deleteSecret(SecretName(checked: name), in: scope) { _ in true } == nil)
            }
            #expect(try await store.secret("app", in: scope)?.description == "")
        },
        Check("A name is that of one secret of a scope; one that waits for deletion keeps it") { store async throws in
            let scope = SampleKey.scope()
            try await store.insert([
                SampleSecret.make("app", in: scope),
                SampleSecret.make("waiting", in: scope, deletionDate: SampleKey.moment),
            ])
            let stored = try await store.secret("app", in: scope)
            for (name, code) in [("app", KMSError.Code.secretExists), ("waiting", .secretPendingDeletion)] {
                await expect(code) {
                    // The name counts more than the limit.
                    try await store.insert(
                        SampleSecret.make(name, in: scope), value: SampleSecret.value(2), limit: 2)
                }
                #expect(try await store.value(of: name, version: "v1", in: scope) == SampleSecret.value(1))
            }
            #expect(try await store.secret("app", in: scope) == stored)
            let elsewhere = KeyScope(account: scope.account, realm: RealmID("east"))
            try await store.insert([scope, elsewhere, SampleKey.scope()].map { SampleSecret.make("App", in: $0) })
            #expect(try await store.listSecrets(SecretQuery(scope: scope), offset: 0, limit: 0).total == 3)
        },
        Check("A scope holds no more secrets than the limit; a deleted one makes room") { store async throws in
            let scope = SampleKey.scope()
            for name in ["1", "2"] {
                try await store.insert(SampleSecret.make(name, in: scope), value: SampleSecret.value(1), limit: 2)
            }
            let third = SampleSecret.make("3", in: scope)
            await expect(.tooManySecrets) {
                try await store.insert(third, value: SampleSecret.value(1), limit: 2)
            }
            #expect(try await store.secret("3", in: scope) == nil)
            try await store.insert(
                SampleSecret.make("3", in: SampleKey.scope()), value: SampleSecret.value(1), limit: 1)
            #expect(try await store.deleteSecret(SecretName(checked: "1"), in: scope) { _ in true } != nil)
            try await store.insert(third, value: SampleSecret.value(1), limit: 2)
            #expect(try await store.secret("3", in: scope)?.with(sequence: 0) == third)
        },
        Check("A new secret has one version") { store async throws in
            let scope = SampleKey.scope()
            for versions in [[], ["1", "2"]] {
                let secret = SampleSecret.make("app", in: scope, versions: versions.map { SampleSecret.version($0) })
                await expect(.internalFailure) { try await store.insert([secret]) }
            }
            #expect(try await store.secret("app", in: scope) == nil)
        },
        Check("Of callers that take the last place or the same name at once, one succeeds") { store async throws in
            let scope = SampleKey.scope()
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<16 {
                    let secret = SampleSecret.make("\(number % 8)", in: scope)
                    group.addTask {
                        try? await store.insert(secret, value: SampleSecret.value(UInt8(number)), limit: 5)
                    }
                }
            }
            let page = try await store.listSecrets(SecretQuery(scope: scope), offset: 0, limit: 20)
            #expect(page.total == 5 && page.secrets.count == 5)
            #expect(Set(page.secrets.map(\.name)).count == 5)
        },
    ]
}
