import ClavigerCore
import Testing

extension IdentityStoreContract {
    static let policies: [Check] = [
        Check("A policy is kept word for word, in every language") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            for language in PolicyLanguage.allCases {
                let text = "{ \"e\u{301}\" :\t\"\u{e9}\u{1f511}\" }\n\(language)"
                let policy = StoredPolicy(
                    id: "id \(language)", account: sample.account.id, name: "\(language)", description: "e\u{301}",
                    document: PolicyDocument(language: language, text: text), createdAt: SampleKey.moment,
                    updatedAt: SampleKey.moment + .seconds(1))
                try await store.insert(policy)
                let stored = try #require(try await store.policy(named: "\(language)", in: sample.account.id))
                #expect(stored == policy)
                #expect(Array(stored.document.text.utf8) == Array(text.utf8))
                #expect(try await store.policy(named: "\(language)", in: other.account.id) == nil)
            }
            for name in ["Tencent", "tencent\u{0}", ""] {
                #expect(try await store.policy(named: name, in: sample.account.id) == nil)
            }
        },
        Check("A policy's name is its own in its account") { store async throws in
            let sample = try await store.insertAccount(1)
            let policy = try await store.insertPolicies("readers", in: sample)[0]
            let again = StoredPolicy(
                id: "other", account: sample.account.id, name: "readers", description: "", document: policy.document,
                createdAt: SampleKey.moment, updatedAt: SampleKey.moment)
            await expect(.nameExists) { try await store.insert(again) }
            await expect(.accountNotFound) { try await store.insert(SampleAccount(number: 2).policy("readers")) }
            _ = try await store.insertPolicies("readers", in: try await store.insertAccount(2))
        },
        Check("Policies are paged by name") { store async throws in
            let sample = try await store.insertAccount(1)
            _ = try await store.insertPolicies("b", "c", "B", "a", in: sample)
            _ = try await store.insertPolicies("aa", in: try await store.insertAccount(2))
            func page(after name: String?, limit: Int) async throws -> [String] {
                try await store.policies(of: sample.account.id, after: name, limit: limit).map(\.name)
            }
            #expect(try await page(after: nil, limit: 9) == ["B", "a", "b", "c"])
            #expect(try await page(after: nil, limit: 2) == ["B", "a"])
            #expect(try await page(after: "a", limit: 1) == ["b"])
            #expect(try await page(after: "bb", limit: 9) == ["c"])
            #expect(try await page(after: "c", limit: 9) == [])
        },
        Check("As many policies as there may be come into an account, also if they come at once") {
            store async throws in
            let sample = try await store.insertAccount(1)
            _ = try await store.insertPolicies("of the other", in: try await store.insertAccount(2))
            await expectRefusals(5, of: 8) { try await store.insert(sample.policy("p\($0)"), limit: 3) }
            #expect(try await store.policies(of: sample.account.id, after: nil, limit: 9).count == 3)
            await expect(.tooMany) { try await store.insert(sample.policy("more"), limit: 3) }
            try await store.insert(sample.policy("more"), limit: 4)
            await expect(.nameExists) { try await store.insert(sample.policy("more"), limit: 4) }
        },
        Check("A change of a policy is stored and given back") { store async throws in
            let sample = try await store.insertAccount(1)
            let policies = try await store.insertPolicies("p", "q", in: sample)
            var expected = policies
            let change: @Sendable (inout StoredPolicy) -> Void = { policy in
                policy.description = "new"
                policy.document = PolicyDocument(language: .huawei, text: "other")
                policy.updatedAt = SampleKey.moment + .seconds(9)
            }
            change(&expected[0])
            #expect(try await store.changePolicy(policies[0].id) { change(&$0) } == expected[0])
            #expect(try await store.policies(of: sample.account.id, after: nil, limit: 9) == expected)
        },
        Check("What a change of a policy throws comes out as it is, and nothing is changed") { store async throws in
            let sample = try await store.insertAccount(1)
            let policy = try await store.insertPolicies("p", in: sample)[0]
            await expect(.invalidPolicy) {
                try await store.changePolicy(policy.id) { policy throws(KMSError) in
                    policy.description = "changed"
                    throw KMSError(.invalidPolicy, "no")
                }
            }
            #expect(try await store.policy(named: "p", in: sample.account.id) == policy)
            for id in ["absent", policy.id + "\u{0}"] {
                await expect(.policyNotFound) { try await store.changePolicy(id) { _ in } }
            }
        },
        Check("Changes of a policy at the same time lose nothing") { store async throws in
            let sample = try await store.insertAccount(1)
            let policy = try await store.insertPolicies("p", in: sample)[0]
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try? await store.changePolicy(policy.id) { $0.description += "+" } }
                }
            }
            #expect(try await store.policy(named: "p", in: sample.account.id)?.description.count == 20)
        },
        Check("A policy is deleted, unless it is attached") { store async throws in
            let sample = try await store.insertAccount(1)
            let user = try await store.insertUsers("alice", in: sample)[0]
            let group = try await store.insertGroups("g", in: sample)[0]
            let policies = try await store.insertPolicies("p", "q", in: sample)
            for holder in [PolicyHolder.user(user.id), .group(group.id)] {
                try await store.attach(policy: policies[0].id, to: holder)
                await expect(.policyInUse) { try await store.deletePolicy(policies[0].id) }
                #expect(try await store.policies(attachedTo: holder) == [policies[0]])
                try await store.detach(policy: policies[0].id, from: holder)
            }
            try await store.deletePolicy(policies[0].id)
            #expect(try await store.policies(of: sample.account.id, after: nil, limit: 9) == [policies[1]])
            for id in [policies[0].id, "absent", policies[1].id + "\u{0}"] {
                await expect(.policyNotFound) { try await store.deletePolicy(id) }
            }
        },
        Check("A policy that is attached while it is deleted is not lost to its holder") { store async throws in
            let sample = try await store.insertAccount(1)
            let user = try await store.insertUsers("alice", in: sample)[0]
            for number in 0..<10 {
                let policy = try await store.insertPolicies("p\(number)", in: sample)[0]
                async let attached: Void? = try? store.attach(policy: policy.id, to: .user(user.id))
                async let deleted: Void? = try? store.deletePolicy(policy.id)
                let outcome = (await attached != nil, await deleted != nil)
                #expect(outcome.0 != outcome.1)
                #expect(
                    try await store.policies(applyingTo: user.id).contains { $0.id == policy.id } == outcome.0)
            }
        },
    ]
}
