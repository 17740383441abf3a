import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerIdentity

@Suite struct CredentialDirectoryTests {
    private func mayCreate(_ credential: Credential) -> Bool { credential.rights.mayAllow(.createKey) }

    // MARK: finding

    @Test func `A credential is at hand once it was loaded`() async throws {
        let fixture = try await IdentityFixture()
        let id = fixture.first.accessKey.id
        #expect(try fixture.directory.resident(id) == nil)
        let loaded = try await fixture.directory.load(id)
        #expect(try fixture.directory.resident(id) === loaded)
        #expect(loaded.secret == fixture.first.secret)
        #expect(loaded.rights.isRoot)
        #expect(loaded.expiry == nil)
        #expect(loaded.principal.isRoot)
        #expect(loaded.principal.accessKeyID == id)
        #expect(loaded.principal.name == "operator")
        #expect(loaded.principal.number.value == fixture.first.account.id.number)
    }

    @Test(arguments: ["", "AKID", "akid", "AKIDxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "TMP"])
    func `An id that nobody has is unknown`(id: String) async throws {
        let fixture = try await IdentityFixture()
        #expect(await failure { try await fixture.directory.load(id) } == .unknownAccessKey)
        #expect(try fixture.directory.resident(id) == nil)
    }

    @Test func `A token that comes with an access key does not matter`() async throws {
        let fixture = try await IdentityFixture()
        let loaded = try await fixture.directory.load(fixture.first.accessKey.id, token: "whatever")
        #expect(try fixture.directory.resident(fixture.first.accessKey.id, token: "something") === loaded)
    }

    @Test func `A user has the rights of its policies and groups, and none without`() async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        let alice = try await fixture.user("alice", IdentityFixture.everything)
        let bob = try await fixture.user("bob")
        #expect(mayCreate(try await fixture.directory.load(alice.accessKey.id)))
        #expect(!mayCreate(try await fixture.directory.load(bob.accessKey.id)))
        _ = try await service.createGroup(named: "makers", as: root(.createGroup, nil))
        try await service.attach(policy: "alice", toGroup: "makers", as: root(.attachPolicy, nil))
        try await service.addMember("bob", toGroup: "makers", as: root(.changeGroupMembers, nil))
        let loaded = try await fixture.directory.load(bob.accessKey.id)
        #expect(mayCreate(loaded))
        #expect(!loaded.rights.isRoot)
    }

    @Test func `The access keys of an identity share its rights`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", IdentityFixture.everything)
        let second = try await fixture.service.createAccessKey(forUser: "alice", as: fixture.root(.createAccessKey))
        let one = try await fixture.directory.load(alice.accessKey.id)
        let other = try await fixture.directory.load(second.accessKey.id)
        #expect(one.rights === other.rights)
    }

    @Test func `A sealed service knows nobody`() async throws {
        let backend = HookedBackend()
        let fixture = try await DirectoryFixture(backend)
        backend.seal()
        #expect(await failure { try await fixture.directory.load(fixture.id) } == .sealed)
        #expect(await failure { try await fixture.directory.session("clv1.x") } == .sealed)
    }

    // MARK: changes

    /// What takes the rights away from a user named alice, and what the access key is worth afterwards.
    enum Change: String, CaseIterable {
        case deletesUser, disablesUser, disablesAccessKey, deletesAccessKey, disablesAccount, detachesPolicy,
            changesPolicy, leavesGroup, detachesFromGroup

        var leavesKey: Bool {
            switch self {
            case .deletesUser, .disablesUser, .disablesAccessKey, .deletesAccessKey, .disablesAccount: false
            case .detachesPolicy, .changesPolicy, .leavesGroup, .detachesFromGroup: true
            }
        }

        var deletes: Bool {
            switch self {
            case .deletesUser, .deletesAccessKey: true
            case .disablesUser, .disablesAccessKey, .disablesAccount, .detachesPolicy, .changesPolicy, .leavesGroup,
                .detachesFromGroup:
                false
            }
        }

        var isByGroup: Bool {
            switch self {
            case .leavesGroup, .detachesFromGroup: true
            case .deletesUser, .disablesUser, .disablesAccessKey, .deletesAccessKey, .disablesAccount,
                .detachesPolicy, .changesPolicy:
                false
            }
        }
    }

    @Test(arguments: Change.allCases)
    func `Rights that are taken away are gone for the next request`(change: Change) async throws {
        let fixture = try await IdentityFixture()
        let customer = try await fixture.otherAccount()
        let service = fixture.service
        func root(_ permission: Permission) -> Caller { fixture.root(permission, of: customer.root) }
        _ = try await service.createUser(named: "alice", as: root(.createUser))
        let key = try await service.createAccessKey(forUser: "alice", as: root(.createAccessKey)).accessKey.id
        _ = try await service.createPolicy(
            named: "all", document: IdentityFixture.everything, as: root(.createPolicy))
        _ = try await service.createGroup(named: "g", as: root(.createGroup))
        if change.isByGroup {
            try await service.addMember("alice", toGroup: "g", as: root(.changeGroupMembers))
            try await service.attach(policy: "all", toGroup: "g", as: root(.attachPolicy))
        } else {
            try await service.attach(policy: "all", toUser: "alice", as: root(.attachPolicy))
        }
        #expect(mayCreate(try await fixture.directory.load(key)))
        switch change {
        case .deletesUser: try await service.deleteUser("alice", as: root(.deleteUser))
        case .disablesUser: _ = try await service.updateUser("alice", isEnabled: false, as: root(.updateUser))
        case .disablesAccessKey:
            _ = try await service.setEnabled(false, accessKey: key, ofUser: "alice", as: root(.updateAccessKey))
        case .deletesAccessKey:
            try await service.deleteAccessKey(key, ofUser: "alice", as: root(.deleteAccessKey))
        case .disablesAccount:
            _ = try await service.setEnabled(false, account: "customer", as: fixture.root(.updateAccount))
        case .detachesPolicy: try await service.detach(policy: "all", fromUser: "alice", as: root(.attachPolicy))
        case .changesPolicy:
            let document = IdentityFixture.everything.replacing("allow", with: "deny")
            _ = try await service.updatePolicy("all", document: document, as: root(.updatePolicy))
        case .leavesGroup: try await service.removeMember("alice", fromGroup: "g", as: root(.changeGroupMembers))
        case .detachesFromGroup: try await service.detach(policy: "all", fromGroup: "g", as: root(.attachPolicy))
        }
        #expect(try fixture.directory.resident(key) == nil)
        if change.leavesKey {
            #expect(!mayCreate(try await fixture.directory.load(key)))
        } else {
            let expected = change.deletes ? KMSError.Code.unknownAccessKey : .accessKeyDisabled
            #expect(await failure { try await fixture.directory.load(key) } == expected)
        }
    }

    @Test func `What is enabled again works again`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice")
        for isEnabled in [false, true] {
            _ = try await fixture.service.updateUser("alice", isEnabled: isEnabled, as: fixture.root(.updateUser))
        }
        #expect(try await fixture.directory.load(alice.accessKey.id).principal.name == "alice")
    }

    @Test func `A credential that was read before a change is not kept after it`() async throws {
        let backend = HookedBackend()
        let fixture = try await DirectoryFixture(backend)
        backend.beforeUnwrapping { [directory = fixture.directory] in directory.invalidate() }
        _ = try await fixture.directory.load(fixture.id)
        #expect(try fixture.directory.resident(fixture.id) == nil)
        backend.beforeUnwrapping {}
        _ = try await fixture.directory.load(fixture.id)
        #expect(try fixture.directory.resident(fixture.id) != nil)
    }

    @Test func `A change of another account does not matter to a credential that is being read or at hand`()
        async throws
    {
        let backend = HookedBackend()
        let fixture = try await DirectoryFixture(backend)
        backend.beforeUnwrapping { [fixture] in fixture.directory.invalidate(AccountID(1)) }
        let loaded = try await fixture.directory.load(fixture.id)
        #expect(try fixture.directory.resident(fixture.id) === loaded)
        fixture.directory.invalidate(AccountID(1))
        #expect(try fixture.directory.resident(fixture.id) === loaded)
        backend.beforeUnwrapping { [fixture] in fixture.directory.invalidate(fixture.account) }
        fixture.directory.invalidate(fixture.account)
        #expect(try fixture.directory.resident(fixture.id) == nil)
        _ = try await fixture.directory.load(fixture.id)
        #expect(try fixture.directory.resident(fixture.id) == nil)
    }

    @Test func `Only a change of the account has its credentials read anew`() async throws {
        let fixture = try await IdentityFixture()
        let customer = try await fixture.otherAccount()
        let (service, root) = (fixture.service, fixture.root)
        let own = try await fixture.directory.load(fixture.first.accessKey.id)
        let others = try await fixture.directory.load(customer.accessKey.id)
        func areAtHand() throws -> [Bool] {
            try [own, others].map { (credential: Credential) in
                try fixture.directory.resident(credential.principal.accessKeyID) === credential
            }
        }
        _ = try await service.createUser(named: "alice", as: root(.createUser, customer.root))
        // Refused by the service, by the rights and by the store.
        let bob = fixture.caller(customer.root, Rights([]), .deleteUser)
        let codes = [
            await failure { try await service.deleteUser("customer", as: root(.deleteUser, customer.root)) },
            await failure { try await service.deleteUser("nobody", as: root(.deleteUser, customer.root)) },
            await failure { try await service.deleteUser("alice", as: bob) },
            await failure { try await service.createAccount(named: "a b", as: root(.createAccount, nil)) },
            await failure {
                try await service.deleteAccessKey(
                    customer.accessKey.id, ofUser: "customer", as: root(.deleteAccessKey, customer.root))
            },
        ]
        #expect(codes == [.rootIdentity, .identityNotFound, .accessDenied, .invalidName, .lastRootKey])
        #expect(try areAtHand() == [true, true])
        try await service.deleteUser("alice", as: root(.deleteUser, customer.root))
        #expect(try areAtHand() == [true, false])
    }

    @Test func `A change that the store did not answer counts as one`() async throws {
        let fixture = try await IdentityFixture()
        let id = fixture.first.accessKey.id
        _ = try await fixture.directory.load(id)
        let session = Token(
            kind: .session, id: fixture.tokens.makeID(), account: fixture.first.account.id,
            identity: fixture.first.root.id, epoch: fixture.first.root.sessionsValidFrom,
            issuedAt: fixture.clock.now, expiry: fixture.clock.now + .seconds(60))
        let opened = try await fixture.directory.session(try fixture.tokens.seal(session).text)
        await fixture.store.close()
        #expect(await failure { try await fixture.service.endSession(opened) } == .storeUnavailable)
        #expect(try fixture.directory.resident(id) == nil)
    }

    @Test func `However many requests come, none that begins after a change has the rights from before`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", IdentityFixture.everything)
        let id = alice.accessKey.id
        let directory = fixture.directory
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    while !Task.isCancelled {
                        if try directory.resident(id) == nil { _ = try await directory.load(id) }
                        await Task.yield()
                    }
                }
            }
            for round in 0..<300 {
                let isAttached = round % 2 == 1
                if isAttached {
                    try await fixture.service.attach(
                        policy: "alice", toUser: "alice", as: fixture.root(.attachPolicy))
                } else {
                    try await fixture.service.detach(
                        policy: "alice", fromUser: "alice", as: fixture.root(.attachPolicy))
                }
                for _ in 0..<5 {
                    let resident = try directory.resident(id)
                    let credential = if let resident { resident } else { try await directory.load(id) }
                    #expect(credential.rights.mayAllow(.createKey) == isAttached, "round \(round)")
                    await Task.yield()
                }
            }
            group.cancelAll()
        }
    }

    @Test func `No more credentials are kept than there is room for`() async throws {
        let fixture = try await IdentityFixture(capacity: 2)
        var ids = [fixture.first.accessKey.id]
        for name in ["a", "b", "c"] { ids.append(try await fixture.user(name).accessKey.id) }
        for id in ids { _ = try await fixture.directory.load(id) }
        #expect(try ids.filter { try fixture.directory.resident($0) != nil }.count == 2)
    }

    // MARK: last use

    private func lastUse(_ fixture: IdentityFixture, _ id: String) async throws -> Timestamp? {
        try await fixture.store.accessKey(id)?.accessKey.lastUsedAt
    }

    @Test func `The last use of an access key is stored when it is asked for`() async throws {
        let fixture = try await IdentityFixture()
        let id = fixture.first.accessKey.id
        let credential = try await fixture.directory.load(id)
        try await fixture.directory.flushUse()
        #expect(try await lastUse(fixture, id) == nil)
        credential.noteUse(at: Timestamp(seconds: 5))
        credential.noteUse(at: Timestamp(seconds: 7))
        #expect(try await lastUse(fixture, id) == nil)
        try await fixture.directory.flushUse()
        #expect(try await lastUse(fixture, id) == Timestamp(seconds: 7))
    }

    @Test func `The last use of what gave way or was forgotten is stored all the same`() async throws {
        let fixture = try await IdentityFixture(capacity: 1)
        let alice = try await fixture.user("alice")
        let ids = [fixture.first.accessKey.id, alice.accessKey.id]
        for id in ids { try await fixture.directory.load(id).noteUse(at: Timestamp(seconds: 9)) }
        fixture.directory.invalidate()
        try await fixture.directory.flushUse()
        for id in ids { #expect(try await lastUse(fixture, id) == Timestamp(seconds: 9)) }
    }

    @Test func `A use that the store did not take is kept for the next time`() async throws {
        let fixture = try await IdentityFixture()
        try await fixture.directory.load(fixture.first.accessKey.id).noteUse(at: Timestamp(seconds: 9))
        await fixture.store.close()
        #expect(await failure { try await fixture.directory.flushUse() } == .storeUnavailable)
        #expect(await failure { try await fixture.directory.flushUse() } == .storeUnavailable)
    }

    @Test func `Temporary credentials leave no last use, and are forgotten when they expire`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice")
        let made = try await fixture.temporary(alice, .seconds(900))
        let credential = try await fixture.directory.load(made.id, token: made.token.text)
        credential.noteUse(at: Timestamp(seconds: 9))
        try await fixture.directory.flushUse()
        #expect(try fixture.directory.resident(made.id, token: made.token.text) === credential)
        fixture.clock.advance(by: .seconds(900))
        try await fixture.directory.flushUse()
        #expect(try fixture.directory.resident(made.id, token: made.token.text) == nil)
        #expect(try await lastUse(fixture, alice.accessKey.id) == nil)
    }
}

/// A directory over a backend that the test has its hands on, with one access key.
private struct DirectoryFixture {
    let directory: CredentialDirectory
    let id: String
    let account: AccountID

    init(_ backend: HookedBackend) async throws {
        let store = MemoryKeyStore()
        let made = try AccountFoundation(
            name: "operator", realms: [], backend: backend, random: IdentityFixture.random, now: SampleKey.moment)
        try await store.insert(made.account, root: made.root, accessKey: made.accessKey, projects: [])
        directory = CredentialDirectory(
            store: store, backend: backend,
            tokens: TokenAuthority(key: IdentityFixture.random.material(32), random: IdentityFixture.random),
            policies: PolicyReader(realms: Realm.builtIn))
        id = made.accessKey.id
        account = made.account.id
    }
}
