import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Testing

/// Who may call what.
@Suite struct IdentityServiceAccessTests {
    /// An operation about things that exist: alice, bob, the group `g`, the policy `p`, the access key `key` of alice, a project.
    struct Operation: Sendable, CustomTestStringConvertible {
        let permission: Permission

        /// What a policy names the resources by; all of them are needed.
        let resources: [String]
        let run: @Sendable (World, Caller) async throws -> Void
        var testDescription: String { permission.name }

        init(
            _ permission: Permission, _ resources: String...,
            run: @escaping @Sendable (World, Caller) async throws -> Void
        ) {
            self.permission = permission
            self.resources = resources
            self.run = run
        }
    }

    struct World: Sendable {
        let fixture: IdentityFixture
        let key: String
        let project: Project
        var service: IdentityService { fixture.service }

        init() async throws {
            fixture = try await IdentityFixture()
            let (service, root) = (fixture.service, fixture.root)
            key = try await fixture.user("alice").accessKey.id
            _ = try await fixture.user("bob")
            _ = try await service.createGroup(named: "g", as: root(.createGroup, nil))
            _ = try await service.createPolicy(
                named: "p", document: IdentityFixture.everything, as: root(.createPolicy, nil))
            project = try await service.createProject(
                named: "cn-east-3_x", region: "east", as: root(.createProject, nil))
        }
    }

    static let operations: [Operation] = [
        Operation(.listAccounts, "server") { _ = try await $0.service.accounts(after: nil, limit: 9, as: $1) },
        Operation(.listAccounts, "server") { _ = try await $0.service.account("operator", as: $1) },
        Operation(.createAccount, "server") { _ = try await $0.service.createAccount(named: "new", as: $1) },
        Operation(.updateAccount, "server") {
            _ = try await $0.service.setEnabled(true, account: "operator", as: $1)
        },
        Operation(.getAccount, "project/*") { _ = try await $0.service.ownAccount(as: $1) },
        Operation(.listProjects, "project/*") { _ = try await $0.service.projects(after: nil, limit: 9, as: $1) },
        Operation(.createProject, "project/*") {
            _ = try await $0.service.createProject(named: "cn-east-3_y", region: "east", as: $1)
        },
        Operation(.deleteProject, "project/cn-east-3_x") {
            try await $0.service.deleteProject($0.project.id, as: $1)
        },
        Operation(.listUsers, "user/*") { _ = try await $0.service.users(after: nil, limit: 9, as: $1) },
        Operation(.getUser, "user/alice") { _ = try await $0.service.user("alice", as: $1) },
        Operation(.createUser, "user/new") { _ = try await $0.service.createUser(named: "new", as: $1) },
        Operation(.updateUser, "user/alice") {
            _ = try await $0.service.updateUser("alice", isEnabled: false, as: $1)
        },
        Operation(.updateUser, "user/alice") { try await $0.service.endSessions(ofUser: "alice", as: $1) },
        Operation(.deleteUser, "user/alice") { try await $0.service.deleteUser("alice", as: $1) },
        Operation(.setPassword, "user/alice") {
            try await $0.service.setPassword(KeyMaterial("new password".utf8), ofUser: "alice", as: $1)
        },
        Operation(.setPassword, "user/alice") { try await $0.service.removePassword(ofUser: "alice", as: $1) },
        Operation(.listAccessKeys, "user/alice") { _ = try await $0.service.accessKeys(ofUser: "alice", as: $1) },
        Operation(.createAccessKey, "user/alice") {
            _ = try await $0.service.createAccessKey(forUser: "alice", as: $1)
        },
        Operation(.updateAccessKey, "user/alice") {
            _ = try await $0.service.setEnabled(false, accessKey: $0.key, ofUser: "alice", as: $1)
        },
        Operation(.deleteAccessKey, "user/alice") {
            try await $0.service.deleteAccessKey($0.key, ofUser: "alice", as: $1)
        },
        Operation(.createTemporaryCredentials, "user/alice") {
            _ = try await $0.service.createTemporaryCredentials(forUser: "alice", as: $1)
        },
        Operation(.listGroups, "group/*") { _ = try await $0.service.groups(after: nil, limit: 9, as: $1) },
        Operation(.getGroup, "group/g") { _ = try await $0.service.group("g", as: $1) },
        Operation(.createGroup, "group/new") { _ = try await $0.service.createGroup(named: "new", as: $1) },
        Operation(.updateGroup, "group/g") {
            _ = try await $0.service.updateGroup("g", description: "x", as: $1)
        },
        Operation(.deleteGroup, "group/g") { try await $0.service.deleteGroup("g", as: $1) },
        Operation(.changeGroupMembers, "group/g") {
            try await $0.service.addMember("alice", toGroup: "g", as: $1)
        },
        Operation(.changeGroupMembers, "group/g") {
            try await $0.service.removeMember("alice", fromGroup: "g", as: $1)
        },
        Operation(.listPolicies, "policy/*") { _ = try await $0.service.policies(after: nil, limit: 9, as: $1) },
        Operation(.getPolicy, "policy/p") { _ = try await $0.service.policy("p", as: $1) },
        Operation(.createPolicy, "policy/new") {
            _ = try await $0.service.createPolicy(named: "new", document: IdentityFixture.everything, as: $1)
        },
        Operation(.updatePolicy, "policy/p") {
            _ = try await $0.service.updatePolicy("p", description: "x", as: $1)
        },
        Operation(.deletePolicy, "policy/p") { try await $0.service.deletePolicy("p", as: $1) },
        Operation(.attachPolicy, "policy/p", "user/alice") {
            try await $0.service.attach(policy: "p", toUser: "alice", as: $1)
        },
        Operation(.attachPolicy, "policy/p", "group/g") {
            try await $0.service.attach(policy: "p", toGroup: "g", as: $1)
        },
        Operation(.attachPolicy, "policy/p", "user/alice") {
            try await $0.service.detach(policy: "p", fromUser: "alice", as: $1)
        },
        Operation(.attachPolicy, "policy/p", "group/g") {
            try await $0.service.detach(policy: "p", fromGroup: "g", as: $1)
        },
        Operation(.testPolicy, "policy/*") {
            let question = PolicyQuestion(
                user: "alice", action: "kms:Encrypt", realm: Realm.builtIn[0], facts: $1.access.facts)
            _ = try await $0.service.testPolicy(question, as: $1)
        },
    ]

    private func caller(_ world: World, _ permission: Permission, _ resources: [String]) async throws -> Caller {
        let listed = resources.map { "\"qcs::claviger:::\($0)\"" }.joined(separator: ",")
        let action = PolicyLanguage.tencent.name(of: permission)
        let document = """
            {"version":"2.0","statement":[{"effect":"allow","action":"\(action)","resource":[\(listed)]}]}
            """
        return try await world.fixture.caller(try await world.fixture.user("clerk", document), permission)
    }

    @Test(arguments: operations)
    func `An operation takes the permission for just what it is about`(operation: Operation) async throws {
        let world = try await World()
        let caller = try await caller(world, operation.permission, operation.resources)
        try await operation.run(world, caller)
        #expect(caller.access.decision?.allows == true)
    }

    @Test(arguments: operations)
    func `An operation is refused without the permission`(operation: Operation) async throws {
        let world = try await World()
        let clerk = try await world.fixture.user("clerk", nil)
        let caller = try await world.fixture.caller(clerk, operation.permission)
        #expect(await failure { try await operation.run(world, caller) } == .accessDenied)
        #expect(caller.access.decision?.allows == false)
    }

    @Test(arguments: operations)
    func `A permission for other things is not enough`(operation: Operation) async throws {
        let world = try await World()
        let others = operation.resources.map { $0.hasSuffix("*") || $0 == "server" ? "user/somebody" : $0 + "x" }
        // Of two things that are needed, one alone does not do.
        let named = operation.resources.count == 2 ? [operation.resources[0], others[1]] : others
        let caller = try await caller(world, operation.permission, named)
        #expect(await failure { try await operation.run(world, caller) } == .accessDenied)
    }

    @Test(arguments: operations.filter { $0.resources == ["server"] })
    func `Nobody of another account does what is the operator's`(operation: Operation) async throws {
        let world = try await World()
        let customer = try await world.fixture.otherAccount()
        let caller = world.fixture.root(operation.permission, of: customer.root)
        #expect(await failure { try await operation.run(world, caller) } == .accessDenied)
    }

    @Test(arguments: operations.filter { $0.resources[0].contains("alice") || $0.resources.count == 2 })
    func `What belongs to another account is unknown`(operation: Operation) async throws {
        let world = try await World()
        let customer = try await world.fixture.otherAccount()
        let caller = world.fixture.root(operation.permission, of: customer.root)
        let code = await failure { try await operation.run(world, caller) }
        #expect([.identityNotFound, .groupNotFound, .policyNotFound].contains(code))
    }

    @Test(
        arguments: operations.filter {
            [
                .setPassword, .updateUser, .createAccessKey, .updateAccessKey, .deleteAccessKey, .deleteUser,
                .createTemporaryCredentials,
            ].contains($0.permission)
        })
    func `Whoever may do everything but is not root leaves the root identity alone`(operation: Operation) async throws {
        let fixture = try await IdentityFixture()
        let admin = try await fixture.user("admin", IdentityFixture.everything)
        let caller = try await fixture.caller(admin, operation.permission)
        let (service, name, key) = (fixture.service, "operator", fixture.first.accessKey.id)
        let codes = [
            await failure { try await service.updateUser(name, description: "x", as: caller) },
            await failure { try await service.endSessions(ofUser: name, as: caller) },
            await failure {
                try await service.setPassword(KeyMaterial("new password".utf8), ofUser: name, as: caller)
            },
            await failure { try await service.removePassword(ofUser: name, as: caller) },
            await failure { try await service.createAccessKey(forUser: name, as: caller) },
            await failure { try await service.setEnabled(false, accessKey: key, ofUser: name, as: caller) },
            await failure { try await service.deleteAccessKey(key, ofUser: name, as: caller) },
            await failure { try await service.createTemporaryCredentials(forUser: name, as: caller) },
        ]
        #expect(codes.allSatisfy { $0 == .accessDenied })
        #expect(await failure { try await service.deleteUser(name, as: caller) } == .rootIdentity)
    }
}
