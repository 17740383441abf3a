import ClavigerCore
import Testing

extension KeyStoreContract {
    static let policies: [Check] = [
        Check("A key's creator and own policy are read as they were stored, in every language") { store async throws in
            let scope = SampleKey.scope()
            for (number, language) in ([nil] + PolicyLanguage.allCases).enumerated() {
                let key = SampleKey.make(
                    "\(number)", in: scope, creator: IdentityNumber(100_000_000_000 + Int64(number)),
                    policy: language.map { PolicyDocument(language: $0, text: "{ \"\u{e9}\" }\n\($0)") })
                try await store.insert([key])
                #expect(try await store.key(key.id)?.with(sequence: 0, bindingCount: 0) == key)
                #expect(try await store.keyWithVersions(key.id)?.key.creator == key.creator)
                #expect(try await store.list(KeyQuery(scope: scope), offset: 0, limit: 1).keys[0].policy == key.policy)
            }
        },
        Check("A change gives a key a policy, replaces it and takes it away, and no other key's") {
            store async throws in
            let scope = SampleKey.scope()
            let keys = ["1", "2"].map {
                SampleKey.make($0, in: scope, policy: PolicyDocument(language: .tencent, text: $0))
            }
            try await store.insert(keys)
            let documents = [
                nil, PolicyDocument(language: .tencent, text: "\u{e9}"),
                PolicyDocument(language: .tencent, text: "e\u{301}"),
                PolicyDocument(language: .alibaba, text: "e\u{301}"), PolicyDocument(language: .huawei, text: ""), nil,
            ]
            for document in documents {
                let changed = try await store.update([keys[0].id], in: scope) { key throws(KMSError) in
                    try key.setPolicy(document)
                }
                let stored = try #require(try await store.key(keys[0].id))
                #expect(changed == [stored])
                #expect(stored.policy == document)
                // Equivalent spellings are equal to Swift.
                #expect(stored.policy.map { Array($0.text.utf8) } == document.map { Array($0.text.utf8) })
                #expect(try await store.key(keys[1].id)?.policy == keys[1].policy)
            }
        },
        Check("A policy stays when anything else of the key changes") { store async throws in
            let scope = SampleKey.scope()
            let document = PolicyDocument(language: .huawei, text: "document")
            let key = SampleKey.make("1", in: scope, creator: IdentityNumber(7), policy: document)
            try await store.insert([key])
            _ = try await store.update([key.id], in: scope) { key throws(KMSError) in
                try key.rename(KeyAlias(checked: "new"))
                try key.disable()
            }
            let stored = try await store.key(key.id)
            #expect(stored?.state == .disabled)
            #expect(stored?.policy == document)
            #expect(stored?.creator == IdentityNumber(7))
        },
    ]
}
