import ClavigerCore
import Testing

extension IdentityStoreContract {
    static let attachments: [Check] = [
        Check("What is attached is given by name, and each attachment counts once") { store async throws in
            let sample = try await store.insertAccount(1)
            let user = try await store.insertUsers("alice", in: sample)[0]
            let policies = try await store.insertPolicies("b", "a", "C", in: sample)
            for policy in policies + policies { try await store.attach(policy: policy.id, to: .user(user.id)) }
            let byName = [policies[2], policies[1], policies[0]]
            #expect(try await store.policies(attachedTo: .user(user.id)) == byName)
            try await store.detach(policy: policies[1].id, from: .user(user.id))
            try await store.detach(policy: policies[1].id, from: .user(user.id))
            #expect(try await store.policies(attachedTo: .user(user.id)) == [policies[2], policies[0]])
            for id in ["absent", user.id + "\u{0}"] {
                #expect(try await store.policies(attachedTo: .user(id)) == [])
            }
        },
        Check("A holder has as many policies as there may be, also if they come at once") { store async throws in
            let sample = try await store.insertAccount(1)
            let user = try await store.insertUsers("alice", in: sample)[0]
            let group = try await store.insertGroups("g", in: sample)[0]
            try await store.addMembers([user.id], to: group.id)
            let policies = try await store.insertPolicies("a", "b", "c", "d", "e", in: sample)
            for holder in [PolicyHolder.user(user.id), .group(group.id)] {
                await expectRefusals(3, of: 5) {
                    try await store.attach(policy: policies[$0].id, to: holder, limit: 2)
                }
                let attached = try await store.policies(attachedTo: holder)
                #expect(attached.count == 2)
                // What is attached already stays.
                try await store.attach(policy: attached[0].id, to: holder, limit: 2)
                let left = try #require(policies.first { !attached.contains($0) })
                await expect(.tooMany) { try await store.attach(policy: left.id, to: holder, limit: 2) }
                try await store.attach(policy: left.id, to: holder, limit: 3)
            }
        },
        Check("A user and a group do not share what is attached to one of them") { store async throws in
            let sample = try await store.insertAccount(1)
            // The same id, so that only the kind tells them apart.
            let user = Identity(
                id: "same", number: IdentityNumber(11), account: sample.account.id, name: "u", isRoot: false,
                password: nil, createdAt: SampleKey.moment)
            let group = Group(
                id: "same", account: sample.account.id, name: "g", description: "", createdAt: SampleKey.moment)
            try await store.insert(user)
            try await store.insert(group)
            let policies = try await store.insertPolicies("p", "q", in: sample)
            try await store.attach(policy: policies[0].id, to: .user("same"))
            try await store.attach(policy: policies[1].id, to: .group("same"))
            #expect(try await store.policies(attachedTo: .user("same")) == [policies[0]])
            #expect(try await store.policies(attachedTo: .group("same")) == [policies[1]])
            #expect(try await store.policies(applyingTo: "same") == [policies[0]])
            try await store.detach(policy: policies[0].id, from: .group("same"))
            try await store.detach(policy: policies[0].id + "\u{0}", from: .user("same"))
            #expect(try await store.policies(attachedTo: .user("same")) == [policies[0]])
        },
        Check("A policy's holders are given by name, users apart from groups") { store async throws in
            let sample = try await store.insertAccount(1)
            let users = try await store.insertUsers("bob", "alice", "carol", in: sample)
            let groups = try await store.insertGroups("y", "x", "z", in: sample)
            let policies = try await store.insertPolicies("p", "q", in: sample)
            for user in users.prefix(2) { try await store.attach(policy: policies[0].id, to: .user(user.id)) }
            for group in groups.prefix(2) { try await store.attach(policy: policies[0].id, to: .group(group.id)) }
            try await store.attach(policy: policies[1].id, to: .user(users[2].id))
            try await store.attach(policy: policies[1].id, to: .group(groups[2].id))
            let holders = try await store.holders(ofPolicy: policies[0].id)
            #expect(holders.users == [users[1], users[0]])
            #expect(holders.groups == [groups[1], groups[0]])
            for id in ["absent", policies[0].id + "\u{0}"] {
                let none = try await store.holders(ofPolicy: id)
                #expect(none.users == [])
                #expect(none.groups == [])
            }
        },
        Check("Only what exists, in one account, is attached") { store async throws in
            let sample = try await store.insertAccount(1)
            let other = try await store.insertAccount(2)
            let user = try await store.insertUsers("alice", in: sample)[0]
            let group = try await store.insertGroups("g", in: sample)[0]
            let stranger = try await store.insertUsers("alice", in: other)[0]
            let strangers = try await store.insertGroups("g", in: other)[0]
            let policy = try await store.insertPolicies("p", in: sample)[0]
            for id in ["absent", policy.id + "\u{0}"] {
                await expect(.policyNotFound) { try await store.attach(policy: id, to: .user(user.id)) }
                await expect(.policyNotFound) { try await store.attach(policy: id, to: .group(group.id)) }
            }
            for id in ["absent", stranger.id, group.id, user.id + "\u{0}"] {
                await expect(.identityNotFound) { try await store.attach(policy: policy.id, to: .user(id)) }
            }
            for id in ["absent", strangers.id, user.id, group.id + "\u{0}"] {
                await expect(.groupNotFound) { try await store.attach(policy: policy.id, to: .group(id)) }
            }
            #expect(try await store.holders(ofPolicy: policy.id).users == [])
            #expect(try await store.holders(ofPolicy: policy.id).groups == [])
        },
        Check("An identity is under its own policies and those of its groups, each once, by name") {
            store async throws in
            let sample = try await store.insertAccount(1)
            let users = try await store.insertUsers("alice", "bob", in: sample)
            let (alice, bob) = (users[0], users[1])
            let groups = try await store.insertGroups("g", "h", "i", in: sample)
            let policies = try await store.insertPolicies("d", "c", "b", "a", in: sample)
            try await store.addMembers([alice.id], to: groups[0].id)
            try await store.addMembers([alice.id, bob.id], to: groups[1].id)
            try await store.attach(policy: policies[0].id, to: .user(alice.id))
            try await store.attach(policy: policies[0].id, to: .group(groups[0].id))
            try await store.attach(policy: policies[1].id, to: .group(groups[0].id))
            try await store.attach(policy: policies[1].id, to: .group(groups[1].id))
            try await store.attach(policy: policies[2].id, to: .group(groups[1].id))
            try await store.attach(policy: policies[3].id, to: .group(groups[2].id))
            #expect(try await store.policies(applyingTo: alice.id) == [policies[2], policies[1], policies[0]])
            #expect(try await store.policies(applyingTo: bob.id) == [policies[2], policies[1]])
            #expect(try await store.policies(applyingTo: sample.root.id) == [])
            for id in ["absent", alice.id + "\u{0}"] { #expect(try await store.policies(applyingTo: id) == []) }

            try await store.removeMembers([alice.id], from: groups[1].id)
            #expect(try await store.policies(applyingTo: alice.id) == [policies[1], policies[0]])
            try await store.detach(policy: policies[1].id, from: .group(groups[0].id))
            #expect(try await store.policies(applyingTo: alice.id) == [policies[0]])
            try await store.detach(policy: policies[0].id, from: .user(alice.id))
            #expect(try await store.policies(applyingTo: alice.id) == [policies[0]])
        },
    ]
}
