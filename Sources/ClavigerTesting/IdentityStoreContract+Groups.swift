import ClavigerCore
import Testing

extension IdentityStoreContract {
    static let groups: [Check] = [
        Check("A group is found by its name in its account") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            let group = Group(
                id: "g", account: sample.account.id, name: "readers", description: "who read",
                createdAt: SampleKey.moment)
            try await store.insert(group)
            #expect(try await store.group(named: "readers", in: sample.account.id) == group)
            for name in ["Readers", "readers\u{0}", ""] {
                #expect(try await store.group(named: name, in: sample.account.id) == nil)
            }
            #expect(try await store.group(named: "readers", in: other.account.id) == nil)
            await expect(.nameExists) { try await store.insert(sample.group("readers")) }
            await expect(.accountNotFound) { try await store.insert(SampleAccount(number: 3).group("readers")) }
            try await store.insert(other.group("readers"))
        },
        Check("Groups are paged by name") { store async throws in
            let sample = try await store.insertAccount(1)
            _ = try await store.insertGroups("b", "c", "B", "a", in: sample)
            _ = try await store.insertGroups("aa", in: try await store.insertAccount(2))
            func page(after name: String?, limit: Int) async throws -> [String] {
                try await store.groups(of: sample.account.id, after: name, limit: limit).map(\.name)
            }
            #expect(try await page(after: nil, limit: 9) == ["B", "a", "b", "c"])
            #expect(try await page(after: nil, limit: 2) == ["B", "a"])
            #expect(try await page(after: "a", limit: 1) == ["b"])
            #expect(try await page(after: "bb", limit: 9) == ["c"])
            #expect(try await page(after: "c", limit: 9) == [])
        },
        Check("A group's description can be changed") { store async throws in
            let sample = try await store.insertAccount(1)
            let groups = try await store.insertGroups("a", "b", in: sample)
            try await store.setDescription("new", group: groups[0].id)
            var expected = groups
            expected[0].description = "new"
            #expect(try await store.groups(of: sample.account.id, after: nil, limit: 9) == expected)
            for id in ["absent", groups[0].id + "\u{0}"] {
                await expect(.groupNotFound) { try await store.setDescription("x", group: id) }
            }
        },
        Check("Members come and go, and are given by name") { store async throws in
            let sample = try await store.insertAccount(1)
            let users = try await store.insertUsers("bob", "alice", "Carol", in: sample)
            let (bob, alice, carol) = (users[0], users[1], users[2])
            let groups = try await store.insertGroups("b", "a", in: sample)
            let (second, first) = (groups[0], groups[1])
            try await store.addMembers([bob.id, alice.id, bob.id], to: first.id)
            try await store.addMembers([alice.id, carol.id], to: first.id)
            try await store.addMembers([alice.id], to: second.id)
            try await store.addMembers([], to: second.id)
            #expect(try await store.members(of: first.id) == [carol, alice, bob])
            #expect(try await store.members(of: second.id) == [alice])
            #expect(try await store.groups(ofIdentity: alice.id) == [first, second])
            #expect(try await store.groups(ofIdentity: bob.id) == [first])

            try await store.removeMembers([alice.id, "absent", carol.id + "\u{0}"], from: first.id)
            try await store.removeMembers([alice.id], from: first.id)
            try await store.removeMembers([alice.id], from: "absent")
            #expect(try await store.members(of: first.id) == [carol, bob])
            #expect(try await store.groups(ofIdentity: alice.id) == [second])
            for id in ["absent", first.id + "\u{0}"] { #expect(try await store.members(of: id) == []) }
            for id in ["absent", bob.id + "\u{0}"] { #expect(try await store.groups(ofIdentity: id) == []) }
        },
        Check("If one of many cannot become a member, none does") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            let user = try await store.insertUsers("alice", in: sample)[0]
            let stranger = try await store.insertUsers("alice", in: other)[0]
            let group = try await store.insertGroups("g", in: sample)[0]
            for id in ["absent", stranger.id, user.id + "\u{0}"] {
                await expect(.identityNotFound) { try await store.addMembers([user.id, id], to: group.id) }
            }
            for id in ["absent", group.id + "\u{0}"] {
                await expect(.groupNotFound) { try await store.addMembers([user.id], to: id) }
            }
            #expect(try await store.members(of: group.id) == [])
            #expect(try await store.groups(ofIdentity: stranger.id) == [])
        },
        Check("As many groups as there may be come into an account, also if they come at once") { store async throws in
            let sample = try await store.insertAccount(1)
            _ = try await store.insertGroups("of the other", in: try await store.insertAccount(2))
            await expectRefusals(5, of: 8) { try await store.insert(sample.group("g\($0)"), limit: 3) }
            #expect(try await store.groups(of: sample.account.id, after: nil, limit: 9).count == 3)
            await expect(.tooMany) { try await store.insert(sample.group("more"), limit: 3) }
            try await store.insert(sample.group("more"), limit: 4)
            await expect(.nameExists) { try await store.insert(sample.group("more"), limit: 4) }
        },
        Check("A user is in as many groups as there may be, also if they come at once") { store async throws in
            let sample = try await store.insertAccount(1)
            let users = try await store.insertUsers("alice", "bob", in: sample)
            let ids = users.map(\.id)
            let groups = try await store.insertGroups("a", "b", "c", "d", "e", in: sample)
            await expectRefusals(3, of: 5) { try await store.addMembers([ids[0]], to: groups[$0].id, limit: 2) }
            let joined = try await store.groups(ofIdentity: ids[0])
            #expect(joined.count == 2)
            // Who is in it already stays, and if one is in too many the others do not come either.
            try await store.addMembers([ids[0]], to: joined[0].id, limit: 2)
            let left = try #require(groups.first { !joined.contains($0) })
            await expect(.tooMany) { try await store.addMembers([ids[1], ids[0]], to: left.id, limit: 2) }
            #expect(try await store.members(of: left.id) == [])
            try await store.addMembers([ids[1]], to: left.id, limit: 1)
        },
        Check("A deleted group is gone with its memberships; its users stay") { store async throws in
            let sample = try await store.insertAccount(1)
            let user = try await store.insertUsers("alice", in: sample)[0]
            let groups = try await store.insertGroups("a", "b", in: sample)
            let policies = try await store.insertPolicies("p", "q", in: sample)
            for (group, policy) in zip(groups, policies) {
                try await store.addMembers([user.id], to: group.id)
                try await store.attach(policy: policy.id, to: .group(group.id))
            }
            await expect(.policyInUse) { try await store.deleteGroup(groups[0].id) }
            #expect(try await store.policies(applyingTo: user.id) == policies)
            #expect(try await store.members(of: groups[0].id) == [user])
            try await store.detach(policy: policies[0].id, from: .group(groups[0].id))
            try await store.deleteGroup(groups[0].id)
            #expect(try await store.group(named: "a", in: sample.account.id) == nil)
            #expect(try await store.identity(user.id) == user)
            #expect(try await store.groups(ofIdentity: user.id) == [groups[1]])
            #expect(try await store.policies(applyingTo: user.id) == [policies[1]])
            #expect(try await store.holders(ofPolicy: policies[0].id).groups == [])
            try await store.deletePolicy(policies[0].id)
            try await store.insert(groups[0])
            #expect(try await store.members(of: groups[0].id) == [])
            for id in ["absent", groups[1].id + "\u{0}"] {
                await expect(.groupNotFound) { try await store.deleteGroup(id) }
            }
        },
    ]
}
