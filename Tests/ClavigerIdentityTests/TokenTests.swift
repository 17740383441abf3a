import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Testing

@Suite struct TokenTests {
    static let password = "correct horse"

    // MARK: temporary credentials

    @Test func `Temporary credentials sign with their own secret and have the rights of their user`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", IdentityFixture.everything)
        let made = try await fixture.temporary(alice)
        #expect(made.id.hasPrefix("TMPK") && made.id.count == 36)
        #expect(made.secret.count == 32)
        #expect(made.token.text.hasPrefix("clv1."))
        #expect(made.expiry == fixture.clock.now + .seconds(3600))
        let loaded = try await fixture.directory.load(made.id, token: made.token.text)
        #expect(loaded.secret == made.secret)
        #expect(loaded.rights.mayAllow(.createKey))
        #expect(loaded.principal.identity == alice.identity.id)
        #expect(loaded.principal.accessKeyID == made.id)
        #expect(loaded.expiry == made.expiry)
        #expect(try fixture.directory.resident(made.id, token: made.token.text) === loaded)
    }

    @Test func `Temporary credentials are worth nothing without their token`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice")
        let (made, other) = (try await fixture.temporary(alice), try await fixture.temporary(alice))
        for isResident in [false, true] {
            if isResident { _ = try await fixture.directory.load(made.id, token: made.token.text) }
            for token in [nil, "", "clv1.", other.token.text, made.token.text + "A", made.secret.text] {
                #expect(try fixture.directory.resident(made.id, token: token) == nil)
                #expect(await failure { try await fixture.directory.load(made.id, token: token) } == .invalidToken)
            }
        }
    }

    @Test func `Temporary credentials end at their expiry, at hand or not`() async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.temporary(try await fixture.user("alice"), .seconds(900))
        let token = made.token.text
        fixture.clock.advance(by: .seconds(899))
        _ = try await fixture.directory.load(made.id, token: token)
        fixture.clock.advance(by: .seconds(1))
        #expect(await failure { try fixture.directory.resident(made.id, token: token) } == .tokenExpired)
        fixture.directory.invalidate()
        #expect(await failure { try await fixture.directory.load(made.id, token: token) } == .tokenExpired)
    }

    // MARK: what is not a token

    @Test func `A token with any byte changed is none`() async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.temporary(try await fixture.user("alice"))
        let text = Array(made.token.text.utf8)
        for position in text.indices {
            for replacement in Array("AQz9-_+=. ".utf8) where replacement != text[position] {
                var changed = text
                changed[position] = replacement
                let token = String(decoding: changed, as: UTF8.self)
                let code = await failure { try await fixture.directory.load(made.id, token: token) }
                #expect(code == .invalidToken, "position \(position)")
            }
        }
    }

    @Test func `A token that was cut or lengthened is none`() async throws {
        let fixture = try await IdentityFixture()
        let made = try await fixture.temporary(try await fixture.user("alice"))
        let text = made.token.text
        var wrong = (0..<text.utf8.count).map { String(text.prefix($0)) }
        wrong += ["A", "=", "==", " ", "\n", "AAAA", text, String(repeating: "A", count: 100_000)].map { text + $0 }
        wrong += (1..<8).map { String(text.dropFirst($0)) }
        wrong += [" " + text, text.lowercased(), "clv2." + text.dropFirst(5)]
        for token in wrong {
            let code = await failure { try await fixture.directory.load(made.id, token: token) }
            #expect(code == .invalidToken, "\(token.utf8.count) characters")
        }
    }

    @Test func `A token of one kind does not pass for the other`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.password)
        let made = try await fixture.temporary(alice)
        let session = try await fixture.session("alice", Self.password)
        #expect(await failure { try await fixture.directory.session(made.token.text) } == .invalidToken)
        #expect(
            await failure { try await fixture.directory.load(made.id, token: session.token.text) } == .invalidToken)
        #expect(await failure { try await fixture.directory.load("TMPK", token: session.token.text) } == .invalidToken)
    }

    @Test func `The token of another server is none`() async throws {
        let (fixture, other) = (try await IdentityFixture(), try await IdentityFixture())
        let made = try await other.temporary(try await other.user("alice"))
        #expect(
            await failure { try await fixture.directory.load(made.id, token: made.token.text) } == .invalidToken)
    }

    @Test func `No two tokens are alike`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice")
        var seen: Set<String> = []
        for _ in 0..<20 {
            let made = try await fixture.temporary(alice)
            seen.formUnion([made.id, made.secret.text, made.token.text])
        }
        #expect(seen.count == 60)
    }

    @Test func `A token tells nothing of what is in it`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice")
        let made = try await fixture.temporary(alice)
        var text = made.token.text.dropFirst(5).replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        let bytes = try Base64.decode(text.utf8)
        for part in [made.id, made.secret.text, alice.identity.id] {
            #expect(!bytes.contains(Array(part.utf8)))
        }
    }

    // MARK: what voids tokens

    /// What makes the tokens of alice void.
    enum Ending: String, CaseIterable {
        case endsSessions, setsPassword, removesPassword, disablesUser, disablesAndEnablesUser, deletesUser,
            disablesAccount, disablesAndEnablesAccount

        /// Lets it happen to the alice of an account.
        func come(in fixture: IdentityFixture, to customer: AccountFoundation) async throws {
            let service = fixture.service
            func root(_ permission: Permission) -> Caller { fixture.root(permission, of: customer.root) }
            switch self {
            case .endsSessions: try await service.endSessions(ofUser: "alice", as: root(.updateUser))
            case .setsPassword:
                try await service.setPassword(KeyMaterial("another one".utf8), ofUser: "alice", as: root(.setPassword))
            case .removesPassword: try await service.removePassword(ofUser: "alice", as: root(.setPassword))
            case .disablesUser: _ = try await service.updateUser("alice", isEnabled: false, as: root(.updateUser))
            case .disablesAndEnablesUser:
                _ = try await service.updateUser("alice", isEnabled: false, as: root(.updateUser))
                _ = try await service.updateUser("alice", isEnabled: true, as: root(.updateUser))
            case .deletesUser: try await service.deleteUser("alice", as: root(.deleteUser))
            case .disablesAccount:
                _ = try await service.setEnabled(false, account: "customer", as: fixture.root(.updateAccount))
            case .disablesAndEnablesAccount:
                _ = try await service.setEnabled(false, account: "customer", as: fixture.root(.updateAccount))
                _ = try await service.setEnabled(true, account: "customer", as: fixture.root(.updateAccount))
            }
        }
    }

    @Test(arguments: Ending.allCases)
    func `Tokens die with what they stand for`(ending: Ending) async throws {
        let fixture = try await IdentityFixture()
        let service = fixture.service
        let customer = try await fixture.otherAccount()
        func root(_ permission: Permission) -> Caller { fixture.root(permission, of: customer.root) }
        let alice = try await service.createUser(
            named: "alice", password: KeyMaterial(Self.password.utf8), as: root(.createUser))
        let key = try await service.createAccessKey(forUser: "alice", as: root(.createAccessKey)).accessKey
        let made = try await service.createTemporaryCredentials(
            as: fixture.caller(alice, Rights([]), .createTemporaryCredentials, accessKeyID: key.id))
        let session = try await service.openSession(
            account: "customer", user: "alice", password: KeyMaterial(Self.password.utf8))
        _ = try await fixture.directory.load(made.id, token: made.token.text)
        _ = try await fixture.directory.session(session.token.text)
        try await ending.come(in: fixture, to: customer)
        #expect(try fixture.directory.resident(made.id, token: made.token.text) == nil)
        #expect(
            await failure { try await fixture.directory.load(made.id, token: made.token.text) } == .invalidToken)
        #expect(await failure { try await fixture.directory.session(session.token.text) } == .invalidToken)
    }

    @Test func `Tokens from before an ending stay void and new ones count, within the same second`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice")
        var void: [TemporaryCredentials] = []
        for _ in 0..<5 {
            void.append(try await fixture.temporary(alice))
            try await fixture.service.endSessions(ofUser: "alice", as: fixture.root(.updateUser))
            for made in void {
                #expect(
                    await failure { try await fixture.directory.load(made.id, token: made.token.text) }
                        == .invalidToken)
            }
            let new = try await fixture.temporary(alice)
            #expect(try await fixture.directory.load(new.id, token: new.token.text).secret == new.secret)
            void.append(new)
        }
    }

    // MARK: what temporary credentials were made with

    /// What becomes of the access key of alice, with which she made temporary credentials.
    enum KeyEnding: String, CaseIterable {
        case disablesKey, disablesAndEnablesKey, deletesKey, disablesOtherKey

        var leavesThem: Bool {
            switch self {
            case .disablesKey, .deletesKey: false
            case .disablesAndEnablesKey, .disablesOtherKey: true
            }
        }
    }

    @Test(arguments: KeyEnding.allCases)
    func `Temporary credentials count as long as the access key that made them`(ending: KeyEnding) async throws {
        let fixture = try await IdentityFixture()
        let (service, root) = (fixture.service, fixture.root)
        let alice = try await fixture.user("alice")
        let other = try await service.createAccessKey(forUser: "alice", as: root(.createAccessKey, nil)).accessKey.id
        let made = try await fixture.temporary(alice)
        let byRoot = try await service.createTemporaryCredentials(
            forUser: "alice",
            as: fixture.caller(fixture.first.root, .root, .createTemporaryCredentials, accessKeyID: "x"))
        _ = try await fixture.directory.load(made.id, token: made.token.text)
        let key = alice.accessKey.id
        func set(_ isEnabled: Bool, _ key: String) async throws {
            _ = try await service.setEnabled(
                isEnabled, accessKey: key, ofUser: "alice", as: root(.updateAccessKey, nil))
        }
        switch ending {
        case .disablesKey: try await set(false, key)
        case .disablesAndEnablesKey: for isEnabled in [false, true] { try await set(isEnabled, key) }
        case .deletesKey: try await service.deleteAccessKey(key, ofUser: "alice", as: root(.deleteAccessKey, nil))
        case .disablesOtherKey: try await set(false, other)
        }
        #expect(try fixture.directory.resident(made.id, token: made.token.text) == nil)
        let code = await failure { try await fixture.directory.load(made.id, token: made.token.text) }
        #expect(code == (ending.leavesThem ? nil : .invalidToken))
        // What an administrator made for her does not depend on her keys, nor on his.
        #expect(try await fixture.directory.load(byRoot.id, token: byRoot.token.text).principal.name == "alice")
    }

    @Test func `Temporary credentials of an access key of somebody else are none`() async throws {
        let fixture = try await IdentityFixture()
        let (alice, bob) = (try await fixture.user("alice"), try await fixture.user("bob"))
        let made = try await fixture.service.createTemporaryCredentials(
            as: fixture.caller(
                alice.identity, Rights([]), .createTemporaryCredentials, accessKeyID: bob.accessKey.id))
        #expect(await failure { try await fixture.directory.load(made.id, token: made.token.text) } == .invalidToken)
    }

    private func temporary(
        _ fixture: IdentityFixture, _ session: Session?, _ lifetime: Duration? = nil, of name: String? = nil
    ) async throws -> TemporaryCredentials {
        let opened = try #require(try await fixture.store.identity(named: "alice", in: fixture.first.account.id))
        let caller = fixture.caller(opened, .root, .createTemporaryCredentials)
        return try await fixture.service.createTemporaryCredentials(
            forUser: name, lifetime: lifetime, session: session, as: caller)
    }

    @Test func `Temporary credentials end with the session that made them`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        _ = try await fixture.user("bob")
        let session = try await fixture.directory.session(try await fixture.session("alice", Self.password).token.text)
        let other = try await fixture.directory.session(try await fixture.session("alice", Self.password).token.text)
        let made = try await temporary(fixture, session)
        let others = try await temporary(fixture, other)
        let bobs = try await temporary(fixture, session, .seconds(129_600), of: "bob")
        #expect(try await fixture.directory.load(made.id, token: made.token.text).secret == made.secret)
        try await fixture.service.endSession(session)
        #expect(try fixture.directory.resident(made.id, token: made.token.text) == nil)
        #expect(await failure { try await fixture.directory.load(made.id, token: made.token.text) } == .invalidToken)
        #expect(try await fixture.directory.load(others.id, token: others.token.text).secret == others.secret)
        #expect(try await fixture.directory.load(bobs.id, token: bobs.token.text).principal.name == "bob")
        #expect(bobs.expiry == fixture.clock.now + .seconds(129_600))
    }

    @Test func `What a session makes does not count longer than the session`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let session = try await fixture.directory.session(try await fixture.session("alice", Self.password).token.text)
        #expect(try await temporary(fixture, session, .seconds(129_600)).expiry == session.expiry)
        #expect(try await temporary(fixture, session, .seconds(900)).expiry == fixture.clock.now + .seconds(900))
        fixture.clock.advance(by: .seconds(43_000))
        #expect(try await temporary(fixture, session, .seconds(900)).expiry == session.expiry)
    }

    @Test func `What is made while the user's sessions are ended is void with them`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let session = try await fixture.directory.session(try await fixture.session("alice", Self.password).token.text)
        try await fixture.service.endSessions(ofUser: "alice", as: fixture.root(.updateUser))
        let made = try await temporary(fixture, session)
        #expect(await failure { try await fixture.directory.load(made.id, token: made.token.text) } == .invalidToken)
    }

    @Test func `Whom neither a key nor a session proved gets no credentials that nothing ends`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice")
        _ = try await fixture.user("bob", password: Self.password)
        let session = try await fixture.directory.session(try await fixture.session("bob", Self.password).token.text)
        #expect(await failure { try await temporary(fixture, nil) } == .internalFailure)
        #expect(await failure { try await temporary(fixture, session) } == .internalFailure)
    }

    // MARK: sessions

    @Test func `A session stands for the user for twelve hours`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", IdentityFixture.everything, password: Self.password)
        let opened = try await fixture.session("alice", Self.password)
        #expect(opened.expiry == fixture.clock.now + .seconds(43_200))
        #expect(opened.principal.identity == alice.identity.id)
        fixture.clock.advance(by: .seconds(43_199))
        let session = try await fixture.directory.session(opened.token.text)
        #expect(session.principal == opened.principal)
        #expect(session.principal.accessKeyID == "")
        #expect(session.rights.mayAllow(.createKey))
        #expect(session.expiry == opened.expiry)
        fixture.clock.advance(by: .seconds(1))
        #expect(await failure { try await fixture.directory.session(opened.token.text) } == .tokenExpired)
    }

    @Test func `A session that was ended is void, and others are not`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let ended = try await fixture.session("alice", Self.password)
        let other = try await fixture.session("alice", Self.password)
        try await fixture.service.endSession(try await fixture.directory.session(ended.token.text))
        #expect(await failure { try await fixture.directory.session(ended.token.text) } == .invalidToken)
        #expect(try await fixture.directory.session(other.token.text).principal.name == "alice")
    }

    @Test func `A session that was ended stays void when the server starts again`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let key = IdentityFixture.random.material(32)
        func start() async throws -> (CredentialDirectory, IdentityService) {
            let policies = PolicyReader(realms: Realm.builtIn)
            let tokens = TokenAuthority(
                key: key, random: IdentityFixture.random, clock: fixture.clock.wallClock)
            try await tokens.loadRevoked(from: fixture.store)
            let directory = CredentialDirectory(
                store: fixture.store, backend: fixture.backend, tokens: tokens, policies: policies,
                clock: fixture.clock.wallClock)
            let gate = PasswordGate(workers: IdentityFixture.workers, random: IdentityFixture.random)
            let service = IdentityService(
                store: fixture.store, keys: fixture.store, backend: fixture.backend, credentials: directory,
                tokens: tokens, gate: gate, policies: policies, accounts: AccountTable(), realms: Realm.builtIn,
                workers: IdentityFixture.workers, random: IdentityFixture.random, clock: fixture.clock.wallClock)
            return (directory, service)
        }
        let (directory, service) = try await start()
        let password = KeyMaterial(Self.password.utf8)
        let ended = try await service.openSession(account: nil, user: "alice", password: password)
        let other = try await service.openSession(account: nil, user: "alice", password: password)
        try await service.endSession(try await directory.session(ended.token.text))
        let (later, _) = try await start()
        #expect(await failure { try await later.session(ended.token.text) } == .invalidToken)
        #expect(try await later.session(other.token.text).principal.name == "alice")
        fixture.clock.advance(by: .seconds(43_200))
        #expect(await failure { try await later.session(ended.token.text) } == .tokenExpired)
    }
}
