import ClavigerCore
import ClavigerIdentity
import ClavigerTesting
import Testing

@Suite struct IdentityServicePolicyTests {
    static let document = IdentityFixture.everything

    // MARK: groups

    @Test func `A group has members and policies, by name`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        _ = try await service.createGroup(named: "g", description: "first", as: root(.createGroup, nil))
        for name in ["zoe", "bob"] {
            _ = try await fixture.user(name, Self.document)
            try await service.addMember(name, toGroup: "g", as: root(.changeGroupMembers, nil))
            try await service.addMember(name, toGroup: "g", as: root(.changeGroupMembers, nil))
            try await service.attach(policy: name, toGroup: "g", as: root(.attachPolicy, nil))
        }
        #expect(try await service.updateGroup("g", description: "x", as: root(.updateGroup, nil)).description == "x")
        let details = try await service.group("g", as: root(.getGroup, nil))
        #expect(details.group.description == "x")
        #expect(details.members.map(\.name) == ["bob", "zoe"])
        #expect(details.policies.map(\.name) == ["bob", "zoe"])
        for name in ["zoe", "bob"] {
            // Its denies must not be gone by the way.
            #expect(await failure { try await service.deleteGroup("g", as: root(.deleteGroup, nil)) } == .policyInUse)
            try await service.detach(policy: name, fromGroup: "g", as: root(.attachPolicy, nil))
        }
        try await service.deleteGroup("g", as: root(.deleteGroup, nil))
        #expect(await failure { try await service.group("g", as: root(.getGroup, nil)) } == .groupNotFound)
        #expect(try await service.user("bob", as: root(.getUser, nil)).groups == [])
    }

    @Test func `A group that cannot be is refused`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root(.createGroup))
        let long = String(repeating: "x", count: 1001)
        _ = try await service.createGroup(named: "g", as: root)
        #expect(await failure { try await service.createGroup(named: "g", as: root) } == .nameExists)
        #expect(await failure { try await service.createGroup(named: "a b", as: root) } == .invalidName)
        #expect(
            await failure { try await service.createGroup(named: "h", description: long, as: root) }
                == .invalidParameterValue)
        #expect(
            await failure { try await service.updateGroup("g", description: long, as: fixture.root(.updateGroup)) }
                == .invalidParameterValue)
        for index in 1..<300 { _ = try await service.createGroup(named: "g\(index)", as: root) }
        #expect(await failure { try await service.createGroup(named: "more", as: root) } == .tooMany)
        let page = try await service.groups(after: "g98", limit: 1000, as: fixture.root(.listGroups))
        #expect(page.items.map(\.name) == ["g99"] && page.next == nil)
    }

    @Test func `A user is in at most ten groups`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        _ = try await fixture.user("alice")
        for index in 0...10 { _ = try await service.createGroup(named: "g\(index)", as: root(.createGroup, nil)) }
        for index in 0..<10 {
            try await service.addMember("alice", toGroup: "g\(index)", as: root(.changeGroupMembers, nil))
        }
        try await service.addMember("alice", toGroup: "g3", as: root(.changeGroupMembers, nil))
        #expect(
            await failure {
                try await service.addMember("alice", toGroup: "g10", as: root(.changeGroupMembers, nil))
            } == .tooMany)
    }

    @Test func `The root identity gets neither groups nor policies`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        _ = try await service.createGroup(named: "g", as: root(.createGroup, nil))
        _ = try await service.createPolicy(named: "p", document: Self.document, as: root(.createPolicy, nil))
        #expect(
            await failure {
                try await service.addMember("operator", toGroup: "g", as: root(.changeGroupMembers, nil))
            } == .rootIdentity)
        #expect(
            await failure { try await service.attach(policy: "p", toUser: "operator", as: root(.attachPolicy, nil)) }
                == .rootIdentity)
    }

    // MARK: policies

    @Test func `A policy is kept in its own words`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        let text = Self.document.replacing(",", with: " ,\n\t")
        let made = try await service.createPolicy(
            named: "p", description: "all", document: text, as: root(.createPolicy, nil))
        #expect(made.document == PolicyDocument(language: .tencent, text: text))
        _ = try await fixture.user("alice")
        try await service.attach(policy: "p", toUser: "alice", as: root(.attachPolicy, nil))
        fixture.clock.advance(by: .seconds(5))
        let ram = #"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:Encrypt","Resource":"*"}]}"#
        let changed = try await service.updatePolicy("p", document: ram, as: root(.updatePolicy, nil))
        #expect(changed.updatedAt == changed.createdAt + .seconds(5))
        let details = try await service.policy("p", as: root(.getPolicy, nil))
        #expect(details.policy.document == PolicyDocument(language: .alibaba, text: ram))
        #expect(details.policy.description == "all")
        #expect(details.users.map(\.name) == ["alice"] && details.groups == [])
        #expect(
            await failure { try await service.deletePolicy("p", as: root(.deletePolicy, nil)) } == .policyInUse)
        try await service.detach(policy: "p", fromUser: "alice", as: root(.attachPolicy, nil))
        try await service.deletePolicy("p", as: root(.deletePolicy, nil))
        #expect(await failure { try await service.policy("p", as: root(.getPolicy, nil)) } == .policyNotFound)
    }

    @Test(
        arguments: [
            ("p", "{", KMSError.Code.invalidPolicy), ("p", "{}", .invalidPolicy), ("p", "", .invalidPolicy),
            ("p", #"{"version":"3.0","statement":[]}"#, .invalidPolicy),
            ("p", document.replacing("\"*\"", with: "\"name/kms>Encrypt\""), .invalidPolicy),
            ("p", document + String(repeating: " ", count: 20_000), .invalidPolicy), ("a b", document, .invalidName),
            ("key-policy", document, .invalidName), ("known", document, .nameExists),
        ])
    func `A policy that cannot be is refused`(name: String, document: String, code: KMSError.Code) async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        _ = try await service.createPolicy(named: "known", document: Self.document, as: root(.createPolicy, nil))
        #expect(
            await failure {
                try await service.createPolicy(named: name, document: document, as: root(.createPolicy, nil))
            } == code)
        guard code == .invalidPolicy else { return }
        #expect(
            await failure {
                try await service.updatePolicy("known", document: document, as: root(.updatePolicy, nil))
            } == code)
        let principal = root(.createPolicy, nil).principal
        #expect(await failure { try await service.checkPolicy(document, as: principal) } == code)
        #expect(await failure { try await service.keyPolicy(document, as: principal) } == code)
    }

    @Test func `What is no JSON is refused with the place`() async throws {
        let fixture = try await IdentityFixture()
        let error = await #expect(throws: KMSError.self) {
            try await fixture.service.createPolicy(
                named: "p", document: "{\n  \"version\" \"2.0\"}", as: fixture.root(.createPolicy))
        }
        #expect(error?.code == .invalidPolicy)
        #expect(error?.message.contains("line 2") == true)
    }

    @Test func `Ten policies can be attached`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        _ = try await fixture.user("alice")
        _ = try await service.createGroup(named: "g", as: root(.createGroup, nil))
        for index in 0...10 {
            _ = try await service.createPolicy(
                named: "p\(index)", document: Self.document, as: root(.createPolicy, nil))
        }
        for index in 0..<10 {
            try await service.attach(policy: "p\(index)", toUser: "alice", as: root(.attachPolicy, nil))
            try await service.attach(policy: "p\(index)", toGroup: "g", as: root(.attachPolicy, nil))
        }
        try await service.attach(policy: "p7", toUser: "alice", as: root(.attachPolicy, nil))
        #expect(
            await failure { try await service.attach(policy: "p10", toUser: "alice", as: root(.attachPolicy, nil)) }
                == .tooMany)
        #expect(
            await failure { try await service.attach(policy: "p10", toGroup: "g", as: root(.attachPolicy, nil)) }
                == .tooMany)
    }

    @Test func `An account has at most 1500 policies`() async throws {
        let fixture = try await IdentityFixture()
        for index in 0..<1499 {
            try await fixture.store.insert(
                StoredPolicy(
                    id: "id-\(index)", account: fixture.first.account.id, name: "p\(index)", description: "",
                    document: PolicyDocument(language: .tencent, text: Self.document), createdAt: fixture.clock.now,
                    updatedAt: fixture.clock.now))
        }
        let root = fixture.root(.createPolicy)
        _ = try await fixture.service.createPolicy(named: "last", document: Self.document, as: root)
        #expect(
            await failure {
                try await fixture.service.createPolicy(named: "more", document: Self.document, as: root)
            } == .tooMany)
    }

    @Test func `Everybody can check a document`() async throws {
        let fixture = try await IdentityFixture()
        let caller = try await fixture.caller(try await fixture.user("alice"), .getPolicy)
        let check = try await fixture.service.checkPolicy(Self.document, as: caller.principal)
        #expect(check.language == .tencent && check.statements == 1)
        #expect(
            await failure {
                try await fixture.service.checkPolicy(Self.document, language: .huawei, as: caller.principal)
            } == .invalidPolicy)
        #expect(
            await failure {
                try await fixture.service.checkPolicy(Self.document, kind: .key, as: caller.principal)
            } == .invalidPolicy)
    }

    // MARK: questions

    private func ask(
        _ fixture: IdentityFixture, _ action: String, _ resource: String? = nil, of user: String = "alice",
        language: PolicyLanguage? = nil
    ) async throws -> PolicyAnswer {
        let question = PolicyQuestion(
            user: user, action: action, language: language, resource: resource, realm: Realm.builtIn[0],
            facts: AccessFacts(source: "192.0.2.1:1", now: fixture.clock.now))
        return try await fixture.service.testPolicy(question, as: fixture.root(.testPolicy))
    }

    @Test func `A question is answered with the statement that decides`() async throws {
        let fixture = try await IdentityFixture()
        let scope = KeyScope(account: fixture.first.account.id, realm: RealmID("south"))
        let key = SampleKey.make("orders", in: scope)
        try await fixture.store.insert(key, version: nil, limit: 9)
        let creator = fixture.first.account.id
        let document = """
            {"version":"2.0","statement":[
              {"effect":"allow","action":"kms:Encrypt","resource":"qcs::kms:::key/creatorUin/\(creator)/*"},
              {"effect":"deny","action":"kms:Decrypt","resource":"*"}]}
            """
        _ = try await fixture.user("alice", document)
        for action in ["kms:Encrypt", "name/kms:Encrypt", "KMS:encrypt"] {
            let answer = try await ask(fixture, action, key.id.description)
            #expect(answer.permission == .encrypt)
            #expect(answer.decision.statement?.description == "alice#1" && answer.decision.allows)
        }
        let denied = try await ask(fixture, "kms:Decrypt", key.id.description)
        #expect(denied.decision.statement?.description == "alice#2" && !denied.decision.allows)
        #expect(try await ask(fixture, "kms:Encrypt").decision == .notAllowed)
        #expect(try await ask(fixture, "kms:Encrypt", SampleKey.id().description).decision == .notAllowed)
        #expect(try await ask(fixture, "kms:Encrypt", of: "operator").decision == .root)
        // One action that needs two permissions is allowed with both alone.
        #expect(try await ask(fixture, "kms:ReEncrypt", key.id.description).decision == .notAllowed)
        _ = try await fixture.service.updateUser("alice", isEnabled: false, as: fixture.root(.updateUser))
        #expect(try await ask(fixture, "kms:Encrypt", key.id.description).decision == .notAllowed)
    }

    @Test func `Grants on a key count in the answer`() async throws {
        let fixture = try await IdentityFixture()
        let scope = KeyScope(account: fixture.first.account.id, realm: RealmID("south"))
        let key = SampleKey.make("orders", in: scope)
        try await fixture.store.insert(key, version: nil, limit: 9)
        let alice = try await fixture.user("alice")
        let grant = KeyGrant(
            id: String(repeating: "a", count: 64), key: key.id, grantee: .identity(alice.identity.id),
            operations: [.decryptData],
            name: "", retiringIdentity: nil, issuer: "root", createdAt: fixture.clock.now)
        _ = try await fixture.store.change([key.id], in: scope) { _ in [.addGrant(grant)] }
        let answer = try await ask(fixture, "kms:Decrypt", key.id.description)
        #expect(answer.decision == .allowed(by: StatementLabel(policy: "key-grant", number: 1)))
        #expect(try await ask(fixture, "kms:Encrypt", key.id.description).decision == .notAllowed)
    }

    @Test func `A question that nobody understands is refused`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice")
        #expect(await failure { try await ask(fixture, "kms:Fly") } == .invalidParameterValue)
        #expect(
            await failure { try await ask(fixture, "kms:Encrypt", "no resource") } == .invalidParameterValue)
        #expect(await failure { try await ask(fixture, "kms:Encrypt", of: "nobody") } == .identityNotFound)
        #expect(
            await failure { try await ask(fixture, "kms:cmk:create", language: .tencent) } == .invalidParameterValue)
    }
}
