import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity
import ClavigerTesting
import Testing

/// Asking for tokens, looking at them and ending them.
@Suite struct IdentityServiceTokenTests {
    static let password = "correct horse"

    private func issue(
        _ fixture: IdentityFixture, _ user: TokenRequest.User, _ password: String = password,
        _ scope: TokenRequest.Scope = .unscoped
    ) async throws -> IssuedToken {
        try await fixture.service.issueToken(
            TokenRequest(user: user, password: KeyMaterial(password.utf8), scope: scope))
    }

    // MARK: who

    @Test func `A user is known by name and id, and the account by name, number and the domain's id`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.password)
        let account = fixture.first.account
        let users: [TokenRequest.User] = [
            .name("alice", domain: .name("operator")), .name("alice", domain: .name(account.id.description)),
            .name("alice", domain: .id(account.domainID)), .id(alice.identity.id),
        ]
        for user in users {
            let issued = try await issue(fixture, user)
            #expect(issued.account == account && issued.identity.id == alice.identity.id)
            #expect(issued.principal.name == "alice" && issued.principal.account == account.id)
        }
    }

    @Test func `The root identity gets a token as well`() async throws {
        let fixture = try await IdentityFixture()
        let issued = try await issue(
            fixture, .name("operator", domain: .name("operator")), fixture.first.password.text)
        #expect(issued.principal.isRoot)
        #expect(try await fixture.directory.identitySession(issued.text.text).rights.isRoot)
    }

    @Test func `Whatever is wrong with name or password, the answer is the same`() async throws {
        let fixture = try await IdentityFixture()
        let customer = try await fixture.otherAccount()
        let alice = try await fixture.user("alice", password: Self.password)
        let keyless = try await fixture.user("keyless")
        let disabled = try await fixture.user("disabled", password: Self.password)
        _ = try await fixture.service.updateUser("disabled", isEnabled: false, as: fixture.root(.updateUser))
        _ = try await fixture.service.setEnabled(false, account: "customer", as: fixture.root(.updateAccount))
        let root = customer.password.text
        let attempts: [(TokenRequest.User, String)] = [
            (.name("alice", domain: .name("operator")), "wrong password"), (.id(alice.identity.id), "wrong password"),
            (.name("nobody", domain: .name("operator")), Self.password), (.id("nobody"), Self.password),
            (.name("nobody", domain: .id(fixture.first.account.domainID)), Self.password),
            (.name("keyless", domain: .name("operator")), Self.password), (.id(keyless.identity.id), Self.password),
            (.name("disabled", domain: .name("operator")), Self.password), (.id(disabled.identity.id), Self.password),
            (.name("alice", domain: .name("nowhere")), Self.password),
            (.name("alice", domain: .id("nowhere")), Self.password), (.name("alice", domain: .name("")), Self.password),
            (.name("alice", domain: .id("operator")), Self.password),
            (.name("alice", domain: .name(fixture.first.account.domainID)), Self.password),
            (.name("customer", domain: .name("customer")), root), (.id(customer.root.id), root),
            (.name("customer", domain: .id(customer.account.domainID)), root),
            (.name("alice", domain: .name("customer")), Self.password), (.id("alice"), Self.password),
            (.name("", domain: .name("")), ""), (.id(""), ""), (.name("alice", domain: .name("operator")), ""),
            (.id(String(repeating: "x", count: 10_000)), Self.password),
        ]
        var messages: Set<String> = []
        for (user, password) in attempts {
            let error = await #expect(throws: KMSError.self) { try await issue(fixture, user, password) }
            #expect(error?.code == .wrongPassword, "\(user)")
            messages.insert(error?.message ?? "")
        }
        #expect(messages.count == 1)
        #expect(fixture.naps.all.count == attempts.count)
    }

    @Test func `Attempts count once with those to sign in, however user and account are named`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.password)
        let account = fixture.first.account
        let users: [TokenRequest.User] = [
            .name("alice", domain: .name("operator")), .name("alice", domain: .id(account.domainID)),
            .id(alice.identity.id), .name("alice", domain: .name(account.id.description)),
        ]
        for user in users { #expect(await failure { try await issue(fixture, user, "wrong") } == .wrongPassword) }
        #expect(await failure { try await fixture.session("alice", "wrong") } == .wrongPassword)
        #expect(naps(fixture) == [250, 500, 1000, 2000, 4000])
        // Now all doors are locked for her, and for nobody else.
        for user in users { #expect(await failure { try await issue(fixture, user) } == .wrongPassword) }
        #expect(await failure { try await fixture.session("alice", Self.password) } == .wrongPassword)
        _ = try await fixture.user("bob", password: Self.password)
        #expect(try await fixture.token("bob", Self.password).identity.name == "bob")
        fixture.clock.advance(by: .seconds(900))
        #expect(try await issue(fixture, users[2]).identity.name == "alice")
    }

    @Test(
        arguments: [
            .name("alice", domain: .name("nowhere")), .name("alice", domain: .id("0123456789abcdef0123456789abcdef")),
            .id("0123456789abcdef0123456789abcdef"), .name("nobody", domain: .name("operator")),
        ] as [TokenRequest.User])
    func `Attempts for nobody are counted as those for somebody`(user: TokenRequest.User) async throws {
        let fixture = try await IdentityFixture()
        for _ in 0..<6 { #expect(await failure { try await issue(fixture, user) } == .wrongPassword) }
        #expect(naps(fixture) == [250, 500, 1000, 2000, 4000, 4000])
    }

    private func naps(_ fixture: IdentityFixture) -> [Int64] {
        fixture.naps.all.map { $0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000 }
    }

    // MARK: for what

    @Test(
        arguments: [
            (.project(.name("ae-ad-1")), 0, "ae-ad-1"), (.project(.name("cn-south-1")), 0, "cn-south-1"),
            (.project(.name("cn-east-3")), 1, "cn-east-3"), (.project(.name("cn-south-4")), 3, "cn-south-4"),
        ] as [(TokenRequest.Scope, Int, String)])
    func `A project is asked for by any name of its region`(
        scope: TokenRequest.Scope, index: Int, name: String
    ) async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let issued = try await fixture.token("alice", Self.password, scope)
        let project = fixture.first.projects[index]
        #expect(issued.project?.id == project.id && issued.project?.name == name)
        #expect(issued.project?.realm == project.realm)
        #expect(try await fixture.directory.identitySession(issued.text.text).project == project.id)
    }

    @Test func `A project is asked for by its id`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let project = try await fixture.service.createProject(
            named: "cn-east-3_x", region: "east", as: fixture.root(.createProject))
        for scope in [TokenRequest.Reference.id(project.id), .name("cn-east-3_x")] {
            #expect(try await fixture.token("alice", Self.password, .project(scope)).project == project)
        }
    }

    @Test func `The whole account is asked for by its name, its id, or nothing`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let scopes: [TokenRequest.Scope] = [
            .domain(.name("operator")), .domain(.id(fixture.first.account.domainID)), .unscoped,
        ]
        for scope in scopes { #expect(try await fixture.token("alice", Self.password, scope).project == nil) }
    }

    @Test func `A scope that is not the user's is unknown, to whoever knows the password`() async throws {
        let fixture = try await IdentityFixture()
        let customer = try await fixture.otherAccount()
        _ = try await fixture.user("alice", password: Self.password)
        let own = fixture.first.projects[1]
        try await fixture.service.deleteProject(own.id, as: fixture.root(.deleteProject))
        let foreign = try await fixture.service.createProject(
            named: "cn-north-4_x", region: "north", as: fixture.root(.createProject, of: customer.root))
        let scopes: [TokenRequest.Scope] = [
            .project(.id(customer.projects[0].id)), .project(.name(customer.projects[0].id)),
            .project(.name("cn-north-4_x")), .project(.id(foreign.id)), .project(.id("ae-ad-1")),
            .project(.name("nowhere")), .project(.id("")), .project(.name("")), .project(.id(own.id)),
            .project(.name(own.name)), .domain(.name("customer")), .domain(.id(customer.account.domainID)),
            .domain(.id("operator")), .domain(.name(fixture.first.account.domainID)), .domain(.name("")),
        ]
        for scope in scopes {
            #expect(await failure { try await fixture.token("alice", Self.password, scope) } == .projectNotFound)
        }
        for scope in [scopes[0], scopes[5], scopes[10]] {
            #expect(await failure { try await fixture.token("alice", "wrong", scope) } == .wrongPassword)
        }
    }

    // MARK: looking at tokens and ending them

    @Test func `A token is shown to everybody of its account`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let bob = try await fixture.caller(try await fixture.user("bob"), .getUser).principal
        let issued = try await fixture.token("alice", Self.password)
        fixture.clock.advance(by: .seconds(100))
        let shown = try await fixture.service.inspect(issued.text.text, as: bob)
        #expect(shown.text == issued.text)
        #expect(shown.issuedAt == issued.issuedAt && shown.expiry == issued.expiry)
        #expect(shown.identity == issued.identity && shown.account == issued.account)
        #expect(shown.project == fixture.first.projects[0])
        let unscoped = try await fixture.token("alice", Self.password, .unscoped)
        #expect(try await fixture.service.inspect(unscoped.text.text, as: bob).project == nil)
    }

    @Test func `A token of another account can neither be looked at nor ended`() async throws {
        let fixture = try await IdentityFixture()
        let customer = try await fixture.otherAccount()
        _ = try await fixture.user("alice", password: Self.password)
        let token = try await fixture.token("alice", Self.password).text.text
        let stranger = fixture.root(.getUser, of: customer.root).principal
        #expect(await failure { try await fixture.service.inspect(token, as: stranger) } == .invalidToken)
        #expect(await failure { try await fixture.service.endToken(token, as: stranger) } == .invalidToken)
        #expect(try await fixture.directory.identitySession(token).principal.name == "alice")
    }

    @Test func `What is no good token can neither be looked at nor ended`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let root = fixture.root(.getUser).principal
        let session = try await fixture.session("alice", Self.password).token.text
        let ended = try await fixture.token("alice", Self.password).text.text
        let old = try await fixture.token("alice", Self.password).text.text
        try await fixture.service.endToken(ended, as: root)
        for token in ["", "x", session, ended, old + "A"] {
            #expect(await failure { try await fixture.service.inspect(token, as: root) } == .invalidToken)
            #expect(await failure { try await fixture.service.endToken(token, as: root) } == .invalidToken)
        }
        fixture.clock.advance(by: .seconds(86_400))
        #expect(await failure { try await fixture.service.inspect(old, as: root) } == .tokenExpired)
        #expect(await failure { try await fixture.service.endToken(old, as: root) } == .tokenExpired)
    }

    @Test func `A token of a project that was deleted is shown to nobody`() async throws {
        let fixture = try await IdentityFixture()
        let issued = try await issue(
            fixture, .name("operator", domain: .name("operator")), fixture.first.password.text,
            .project(.name("cn-east-3")))
        let project = try #require(issued.project)
        #expect(try await fixture.service.inspect(issued.text.text, as: issued.principal).project == project)
        try await fixture.service.deleteProject(project.id, as: fixture.root(.deleteProject))
        #expect(
            await failure { try await fixture.service.inspect(issued.text.text, as: issued.principal) }
                == .invalidToken)
    }

    @Test func `Temporary credentials end with the token that made them`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.password)
        let token = try await fixture.token("alice", Self.password).text.text
        let session = try await fixture.directory.identitySession(token)
        let made = try await fixture.service.createTemporaryCredentials(
            session: session, as: fixture.caller(alice.identity, session.rights, .createTemporaryCredentials))
        _ = try await fixture.directory.load(made.id, token: made.token.text)
        try await fixture.service.endToken(token, as: session.principal)
        #expect(try fixture.directory.resident(made.id, token: made.token.text) == nil)
        #expect(await failure { try await fixture.directory.load(made.id, token: made.token.text) } == .invalidToken)
    }

    // MARK: records

    @Test func `Only what exists is recorded`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.password)
        let account = fixture.first.account
        let cases: [(TokenRequest.User, Bool, Bool)] = [
            (.name("alice", domain: .name("operator")), true, true), (.id(alice.identity.id), true, true),
            (.name("alice", domain: .id(account.domainID)), true, true),
            (.name("a secret", domain: .name("operator")), true, false),
            (.name("alice", domain: .name("a secret")), false, false),
            (.name("alice", domain: .id("a secret")), false, false), (.id("a secret"), false, false),
        ]
        for (user, hasAccount, hasIdentity) in cases {
            let meant = try await fixture.service.meant(by: user)
            #expect(meant.account == (hasAccount ? account : nil), "\(user)")
            #expect(meant.identity?.id == (hasIdentity ? alice.identity.id : nil), "\(user)")
        }
    }
}
