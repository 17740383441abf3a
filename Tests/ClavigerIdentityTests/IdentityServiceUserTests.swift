import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Testing

@Suite struct IdentityServiceUserTests {
    @Test func `A user is found by name with all that belongs to it`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        let alice = try await fixture.user("alice", IdentityFixture.everything, password: "long enough")
        _ = try await service.createGroup(named: "g", as: root(.createGroup, nil))
        try await service.addMember("alice", toGroup: "g", as: root(.changeGroupMembers, nil))
        let details = try await service.user("alice", as: root(.getUser, nil))
        #expect(details.identity.id == alice.identity.id)
        #expect(details.identity.password != nil)
        #expect(!details.identity.isRoot && details.identity.isEnabled)
        #expect((100_000_000_000..<1_000_000_000_000).contains(details.identity.number.value))
        #expect(details.groups.map(\.name) == ["g"])
        #expect(details.policies.map(\.name) == ["alice"])
        #expect(details.accessKeys.map(\.id) == [alice.accessKey.id])
    }

    @Test func `Users are listed page by page, the root identity among them`() async throws {
        let fixture = try await IdentityFixture()
        for name in ["dora", "alice", "zoe", "bob"] {
            _ = try await fixture.service.createUser(named: name, as: fixture.root(.createUser))
        }
        var (names, after): ([[String]], String?) = ([], nil)
        repeat {
            let page = try await fixture.service.users(after: after, limit: 2, as: fixture.root(.listUsers))
            names.append(page.items.map(\.name))
            after = page.next
        } while after != nil
        #expect(names == [["alice", "bob"], ["dora", "operator"], ["zoe"]])
        #expect(try await fixture.service.users(after: nil, limit: 5, as: fixture.root(.listUsers)).next == nil)
    }

    @Test(
        arguments: [
            ("alice", "", "", KMSError.Code.nameExists), ("operator", "", "", .nameExists),
            ("a/b", "", "", .invalidName),
            ("x", String(repeating: "ä", count: 1001), "", .invalidParameterValue),
            ("x", "", "1234567", .invalidParameterValue),
            ("x", "", String(repeating: "1", count: 129), .invalidParameterValue),
            ("longname", "", "LongName", .invalidParameterValue),
        ])
    func `A user that cannot be is refused`(
        name: String, description: String, password: String, code: KMSError.Code
    ) async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice")
        let secret = password.isEmpty ? nil : KeyMaterial(password.utf8)
        #expect(
            await failure {
                try await fixture.service.createUser(
                    named: name, description: description, password: secret, as: fixture.root(.createUser))
            } == code)
    }

    @Test(arguments: ["12345678", String(repeating: "1", count: 128), "ääääääää", "密码密码密码密码", "name2name2"])
    func `Passwords of 8 to 128 characters are taken`(password: String) async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("name2", password: password)
        #expect(try await fixture.session("name2", password).identity.name == "name2")
    }

    @Test func `A description of 1000 characters is taken, and can be changed`() async throws {
        let fixture = try await IdentityFixture()
        let long = String(repeating: "ä", count: 1000)
        let made = try await fixture.service.createUser(
            named: "alice", description: long, as: fixture.root(.createUser))
        #expect(made.description == long)
        let changed = try await fixture.service.updateUser(
            "alice", description: "short", as: fixture.root(.updateUser))
        #expect(changed.description == "short" && changed.isEnabled)
        #expect(
            await failure {
                try await fixture.service.updateUser(
                    "alice", description: long + "a", as: fixture.root(.updateUser))
            } == .invalidParameterValue)
    }

    @Test func `An account has at most 5000 users`() async throws {
        let fixture = try await IdentityFixture()
        for index in 0..<4999 {
            try await fixture.store.insert(
                Identity(
                    id: "id-\(index)", number: IdentityNumber(Int64(index) + 1), account: fixture.first.account.id,
                    name: "user-\(index)", isRoot: false, password: nil, createdAt: fixture.clock.now))
        }
        _ = try await fixture.service.createUser(named: "last", as: fixture.root(.createUser))
        #expect(
            await failure { try await fixture.service.createUser(named: "more", as: fixture.root(.createUser)) }
                == .tooMany)
    }

    @Test func `The root identity is neither disabled nor deleted`() async throws {
        let fixture = try await IdentityFixture()
        #expect(
            await failure {
                try await fixture.service.updateUser("operator", isEnabled: false, as: fixture.root(.updateUser))
            } == .rootIdentity)
        #expect(
            await failure { try await fixture.service.deleteUser("operator", as: fixture.root(.deleteUser)) }
                == .rootIdentity)
        let updated = try await fixture.service.updateUser(
            "operator", description: "mine", isEnabled: true, as: fixture.root(.updateUser))
        #expect(updated.isEnabled && updated.description == "mine")
    }

    @Test func `What is done to a user who does not exist says so`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        let codes = [
            await failure { try await service.user("nobody", as: root(.getUser, nil)) },
            await failure { try await service.updateUser("nobody", isEnabled: true, as: root(.updateUser, nil)) },
            await failure { try await service.deleteUser("nobody", as: root(.deleteUser, nil)) },
            await failure { try await service.endSessions(ofUser: "nobody", as: root(.updateUser, nil)) },
            await failure { try await service.accessKeys(ofUser: "nobody", as: root(.listAccessKeys, nil)) },
            await failure { try await service.createAccessKey(forUser: "nobody", as: root(.createAccessKey, nil)) },
            await failure { try await service.removePassword(ofUser: "nobody", as: root(.setPassword, nil)) },
        ]
        #expect(codes.allSatisfy { $0 == .identityNotFound })
    }

    // MARK: access keys

    @Test func `A user has at most two access keys, each with a secret that is told once`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice")
        let second = try await fixture.service.createAccessKey(forUser: "alice", as: fixture.root(.createAccessKey))
        #expect(try await fixture.directory.load(second.accessKey.id).secret == second.secret)
        #expect(
            await failure {
                try await fixture.service.createAccessKey(forUser: "alice", as: fixture.root(.createAccessKey))
            } == .tooManyAccessKeys)
        let keys = try await fixture.service.accessKeys(ofUser: "alice", as: fixture.root(.listAccessKeys))
        #expect(keys.count == 2 && keys.contains { $0.id == second.accessKey.id })
    }

    @Test func `The last access key of the root identity stays`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root, first) = (fixture.service, fixture.root, fixture.first.accessKey.id)
        #expect(
            await failure {
                try await service.deleteAccessKey(first, ofUser: "operator", as: root(.deleteAccessKey, nil))
            } == .lastRootKey)
        #expect(
            await failure {
                try await service.setEnabled(
                    false, accessKey: first, ofUser: "operator", as: root(.updateAccessKey, nil))
            } == .lastRootKey)
        _ = try await service.createAccessKey(forUser: "operator", as: root(.createAccessKey, nil))
        try await service.deleteAccessKey(first, ofUser: "operator", as: root(.deleteAccessKey, nil))
        #expect(await failure { try await fixture.directory.load(first) } == .unknownAccessKey)
    }

    @Test func `The access key of somebody else is unknown`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        let (alice, _) = (try await fixture.user("alice"), try await fixture.user("bob"))
        for id in [alice.accessKey.id, "AKIDnone", fixture.first.accessKey.id] {
            #expect(
                await failure { try await service.deleteAccessKey(id, ofUser: "bob", as: root(.deleteAccessKey, nil)) }
                    == .accessKeyNotFound)
            #expect(
                await failure {
                    try await service.setEnabled(false, accessKey: id, ofUser: "bob", as: root(.updateAccessKey, nil))
                } == .accessKeyNotFound)
        }
    }

    @Test func `An access key can be disabled and enabled`() async throws {
        let fixture = try await IdentityFixture()
        let key = try await fixture.user("alice").accessKey.id
        let off = try await fixture.service.setEnabled(
            false, accessKey: key, ofUser: "alice", as: fixture.root(.updateAccessKey))
        #expect(!off.isEnabled)
        #expect(await failure { try await fixture.directory.load(key) } == .accessKeyDisabled)
        let on = try await fixture.service.setEnabled(
            true, accessKey: key, ofUser: "alice", as: fixture.root(.updateAccessKey))
        #expect(on.isEnabled)
        #expect(try await fixture.directory.load(key).principal.name == "alice")
    }

    // MARK: temporary credentials

    @Test(arguments: [899, 129_601, 0, -1])
    func `Temporary credentials for too short or too long are refused`(seconds: Int) async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice")
        #expect(await failure { try await fixture.temporary(alice, .seconds(seconds)) } == .invalidParameterValue)
    }

    @Test(arguments: [900, 129_600])
    func `Temporary credentials for as long as they can count are made`(seconds: Int) async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.temporary(try await fixture.user("alice"), .seconds(seconds))
        #expect(made.expiry == fixture.clock.now + .seconds(seconds))
    }

    @Test func `Everybody makes temporary credentials for himself, but not with temporary ones`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", IdentityFixture.everything)
        _ = try await fixture.user("bob")
        let made = try await fixture.temporary(alice)
        let credential = try await fixture.directory.load(made.id, token: made.token.text)
        let caller = fixture.caller(
            alice.identity, credential.rights, .createTemporaryCredentials, accessKeyID: made.id)
        for name in [nil, "alice", "bob"] {
            #expect(
                await failure { try await fixture.service.createTemporaryCredentials(forUser: name, as: caller) }
                    == .accessDenied)
        }
    }

    @Test func `Whoever has the permission makes them for others`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", IdentityFixture.everything)
        let bob = try await fixture.user("bob")
        let made = try await fixture.service.createTemporaryCredentials(
            forUser: "bob", as: try await fixture.caller(alice, .createTemporaryCredentials))
        let loaded = try await fixture.directory.load(made.id, token: made.token.text)
        #expect(loaded.principal.identity == bob.identity.id)
        #expect(!loaded.rights.mayAllow(.createKey))
    }
}
