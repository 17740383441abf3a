import ClavigerCore
import ClavigerCrypto
import ClavigerTesting
import Testing

@testable import ClavigerIdentity

/// Tokens of identities, once they were issued.
@Suite struct IdentityTokenTests {
    static let password = "correct horse"

    /// The code of the error, both ways in which a token is opened; they must say the same.
    private func refusal(_ directory: CredentialDirectory, _ token: String) async -> KMSError.Code? {
        let resident = await failure { try directory.residentSession(token) }
        let loaded = await failure { try await directory.identitySession(token) }
        #expect(resident == nil || resident == loaded)
        return loaded
    }

    // MARK: what it stands for

    @Test func `A token stands for the user in one project`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", IdentityFixture.everything, password: Self.password)
        let issued = try await fixture.token("alice", Self.password, .project(.name("cn-east-3")))
        let session = try await fixture.directory.identitySession(issued.text.text)
        #expect(session.principal == issued.principal)
        #expect(session.principal.identity == alice.identity.id && session.principal.accessKeyID == "")
        #expect(session.rights.mayAllow(.createKey) && !session.rights.isRoot)
        #expect(session.expiry == issued.expiry)
        #expect(session.project == fixture.first.projects[1].id)
    }

    @Test(arguments: [.unscoped, .domain(.name("operator"))] as [TokenRequest.Scope])
    func `A token for the whole account is bound to no project`(scope: TokenRequest.Scope) async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let issued = try await fixture.token("alice", Self.password, scope)
        #expect(issued.project == nil)
        #expect(try await fixture.directory.identitySession(issued.text.text).project == "")
    }

    @Test func `A session is bound to no project`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let opened = try await fixture.session("alice", Self.password)
        #expect(try await fixture.directory.session(opened.token.text).project == "")
    }

    @Test func `A token has only the characters that Huawei's clients expect`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let text = try await fixture.token("alice", Self.password).text.text
        #expect(text.hasPrefix("clv1_"))
        let letters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
        #expect(text.allSatisfy(letters.contains))
    }

    @Test func `A token tells nothing of what is in it`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.password)
        let issued = try await fixture.token("alice", Self.password)
        var text = issued.text.text.dropFirst(5).replacing("-", with: "+").replacing("_", with: "/")
        while text.utf8.count % 4 != 0 { text += "=" }
        let bytes = try Base64.decode(text.utf8)
        for part in [alice.identity.id, fixture.first.projects[0].id] { #expect(!bytes.contains(Array(part.utf8))) }
    }

    @Test func `No two tokens are alike, and a new one leaves the others good`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        var tokens: Set<String> = []
        for _ in 0..<3 { tokens.insert(try await fixture.token("alice", Self.password).text.text) }
        #expect(tokens.count == 3)
        for token in tokens { #expect(await refusal(fixture.directory, token) == nil) }
    }

    @Test func `A token counts for twenty-four hours to the second, at hand or not`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let issued = try await fixture.token("alice", Self.password)
        let token = issued.text.text
        #expect(issued.issuedAt == fixture.clock.now)
        #expect(issued.expiry == fixture.clock.now + .seconds(86_400))
        fixture.clock.advance(by: .seconds(86_399))
        #expect(await refusal(fixture.directory, token) == nil)
        #expect(try fixture.directory.residentSession(token)?.expiry == issued.expiry)
        fixture.clock.advance(by: .seconds(1))
        #expect(await failure { try fixture.directory.residentSession(token) } == .tokenExpired)
        #expect(await failure { try await fixture.directory.identitySession(token) } == .tokenExpired)
        fixture.directory.invalidate()
        #expect(await failure { try fixture.directory.residentSession(token) } == .tokenExpired)
    }

    // MARK: what is not a token

    @Test func `A token with any character changed is none`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let text = Array(try await fixture.token("alice", Self.password).text.text.utf8)
        _ = try await fixture.directory.identitySession(String(decoding: text, as: UTF8.self))
        let others = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+/=. \u{0}".utf8)
        for position in text.indices {
            for replacement in others where replacement != text[position] {
                var changed = text
                changed[position] = replacement
                let token = String(decoding: changed, as: UTF8.self)
                let code = await failure { try fixture.directory.residentSession(token) }
                if code != .invalidToken { Issue.record("position \(position), \(replacement)") }
            }
            var changed = text
            changed[position] ^= 1
            let token = String(decoding: changed, as: UTF8.self)
            #expect(await failure { try await fixture.directory.identitySession(token) } == .invalidToken)
        }
    }

    @Test func `A token that was cut or lengthened is none`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let text = try await fixture.token("alice", Self.password).text.text
        _ = try await fixture.directory.identitySession(text)
        var wrong = (0..<text.utf8.count).flatMap { [String(text.prefix($0)), String(text.dropFirst($0 + 1))] }
        wrong += ["A", "=", "==", " ", "\n", "AA", "AAA", "AAAA", text, String(repeating: "A", count: 100_000)]
            .map { text + $0 }
        wrong += [" " + text, "A" + text, text.lowercased(), "clv2_" + text.dropFirst(5), "Clv1_" + text.dropFirst(5)]
        for token in wrong {
            #expect(
                await refusal(fixture.directory, token) == .invalidToken, "\(token.utf8.count) characters")
        }
    }

    @Test func `No kind of token passes for another`() async throws {
        let fixture = try await IdentityFixture()
        let alice = try await fixture.user("alice", password: Self.password)
        let session = try await fixture.session("alice", Self.password).token.text
        let temporary = try await fixture.temporary(alice)
        let token = try await fixture.token("alice", Self.password).text.text
        let body = token.dropFirst(5)
        for other in [session, temporary.token.text] {
            for text in [other, "clv1_" + other.dropFirst(5)] {
                #expect(await refusal(fixture.directory, text) == .invalidToken)
            }
        }
        for text in [token, "clv1." + body] {
            #expect(await failure { try await fixture.directory.session(text) } == .invalidToken)
            #expect(await failure { try await fixture.directory.load(temporary.id, token: text) } == .invalidToken)
        }
        #expect(await refusal(fixture.directory, "clv1." + body) == .invalidToken)
        #expect(await refusal(fixture.directory, token) == nil)
    }

    /// Kinds differ by a byte that is authenticated, and by the key that comes of it.
    @Test(arguments: Token.Kind.allCases, Token.Kind.allCases)
    func `A token opens as what it was sealed as`(sealed: Token.Kind, opened: Token.Kind) throws {
        let clock = ManualClock()
        let authority = TokenAuthority(
            key: IdentityFixture.random.material(32), random: IdentityFixture.random, clock: clock.wallClock)
        let token = Token(
            kind: sealed, id: authority.makeID(), account: AccountID(1), identity: "i", epoch: clock.now,
            issuedAt: clock.now, expiry: clock.now + .seconds(1), project: sealed == .identity ? "p" : "")
        let text = try authority.seal(token).text
        for prefix in ["clv1.", "clv1_"] {
            let spelled = prefix + text.dropFirst(5)
            if sealed == opened, spelled == text {
                let read = try authority.open(spelled, as: opened)
                #expect(read.id == token.id && read.identity == "i" && read.project == token.project)
            } else {
                let error = #expect(throws: KMSError.self) { try authority.open(spelled, as: opened) }
                #expect(error?.code == .invalidToken)
            }
        }
    }

    @Test func `The token of another server is none`() async throws {
        let (fixture, other) = (try await IdentityFixture(), try await IdentityFixture())
        let token = try await other.service.issueToken(
            TokenRequest(
                user: .name("operator", domain: .name("operator")), password: other.first.password, scope: .unscoped))
        #expect(await refusal(fixture.directory, token.text.text) == .invalidToken)
        #expect(await refusal(other.directory, token.text.text) == nil)
    }

    @Test func `A sealed service opens no tokens`() async throws {
        let backend = HookedBackend()
        let directory = CredentialDirectory(
            store: MemoryKeyStore(), backend: backend,
            tokens: TokenAuthority(key: IdentityFixture.random.material(32), random: IdentityFixture.random),
            policies: PolicyReader(realms: Realm.builtIn))
        #expect(await refusal(directory, "clv1_x") == .invalidToken)
        backend.seal()
        #expect(await failure { try directory.residentSession("clv1_x") } == .sealed)
        #expect(await failure { try await directory.identitySession("clv1_x") } == .sealed)
    }

    // MARK: what voids tokens

    @Test(arguments: TokenTests.Ending.allCases)
    func `A token dies with what it stands for`(ending: TokenTests.Ending) async throws {
        let fixture = try await IdentityFixture()
        let service = fixture.service
        let customer = try await fixture.otherAccount()
        func root(_ permission: Permission) -> Caller { fixture.root(permission, of: customer.root) }
        _ = try await service.createUser(
            named: "alice", password: KeyMaterial(Self.password.utf8), as: root(.createUser))
        let token = try await service.issueToken(
            TokenRequest(
                user: .name("alice", domain: .name("customer")), password: KeyMaterial(Self.password.utf8),
                scope: .project(.id(customer.projects[0].id)))
        ).text.text
        #expect(await refusal(fixture.directory, token) == nil)
        #expect(try fixture.directory.residentSession(token) != nil)
        try await ending.come(in: fixture, to: customer)
        #expect(try fixture.directory.residentSession(token) == nil)
        #expect(await refusal(fixture.directory, token) == .invalidToken)
    }

    @Test func `A token from before an ending stays void when its identity is at hand again`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", password: Self.password)
        let old = try await fixture.token("alice", Self.password).text.text
        try await fixture.service.endSessions(ofUser: "alice", as: fixture.root(.updateUser))
        let new = try await fixture.token("alice", Self.password).text.text
        #expect(try await fixture.directory.identitySession(new).principal.name == "alice")
        #expect(await failure { try fixture.directory.residentSession(old) } == .invalidToken)
        #expect(try fixture.directory.residentSession(new)?.principal.name == "alice")
    }

    @Test func `Rights that are taken away are gone for the next request`() async throws {
        let fixture = try await IdentityFixture()
        _ = try await fixture.user("alice", IdentityFixture.everything, password: Self.password)
        let token = try await fixture.token("alice", Self.password).text.text
        #expect(try await fixture.directory.identitySession(token).rights.mayAllow(.createKey))
        try await fixture.service.detach(policy: "alice", fromUser: "alice", as: fixture.root(.attachPolicy))
        #expect(try fixture.directory.residentSession(token) == nil)
        #expect(try await !fixture.directory.identitySession(token).rights.mayAllow(.createKey))
        #expect(try fixture.directory.residentSession(token)?.rights.mayAllow(.createKey) == false)
    }

    // MARK: without the store

    /// A server that starts again over the same store with the same key.
    private func restart(_ fixture: IdentityFixture, _ key: KeyMaterial) async throws -> CredentialDirectory {
        let tokens = TokenAuthority(key: key, random: IdentityFixture.random, clock: fixture.clock.wallClock)
        try await tokens.loadRevoked(from: fixture.store)
        return CredentialDirectory(
            store: fixture.store, backend: fixture.backend, tokens: tokens,
            policies: PolicyReader(realms: Realm.builtIn), clock: fixture.clock.wallClock)
    }

    @Test func `After a restart the store is asked for the identity once, and then never`() async throws {
        let key = IdentityFixture.random.material(32)
        let fixture = try await IdentityFixture(tokenKey: key)
        _ = try await fixture.user("alice", IdentityFixture.everything, password: Self.password)
        let issued = try await fixture.token("alice", Self.password)
        let other = try await fixture.token("alice", Self.password, .unscoped)
        let directory = try await restart(fixture, key)
        #expect(try directory.residentSession(issued.text.text) == nil)
        #expect(try await directory.identitySession(issued.text.text).principal == issued.principal)
        // From here on every call of the store fails.
        await fixture.store.close()
        #expect(await failure { try await fixture.store.identity(issued.identity.id) } == .storeUnavailable)
        for _ in 0..<3 {
            let session = try #require(try directory.residentSession(issued.text.text))
            #expect(session.principal == issued.principal && session.rights.mayAllow(.createKey))
            #expect(session.project == fixture.first.projects[0].id)
            #expect(try await directory.identitySession(issued.text.text).project == session.project)
        }
        #expect(try directory.residentSession(other.text.text)?.project == "")
        directory.invalidate()
        #expect(await failure { try await directory.identitySession(issued.text.text) } == .storeUnavailable)
    }

    @Test func `A token that was ended is void at once and after a restart, and others are not`() async throws {
        let key = IdentityFixture.random.material(32)
        let fixture = try await IdentityFixture(tokenKey: key)
        _ = try await fixture.user("alice", password: Self.password)
        let ended = try await fixture.token("alice", Self.password)
        let other = try await fixture.token("alice", Self.password)
        _ = try await fixture.directory.identitySession(ended.text.text)
        try await fixture.service.endToken(ended.text.text, as: ended.principal)
        for directory in [fixture.directory, try await restart(fixture, key)] {
            #expect(await failure { try directory.residentSession(ended.text.text) } == .invalidToken)
            #expect(await refusal(directory, ended.text.text) == .invalidToken)
            #expect(await refusal(directory, other.text.text) == nil)
        }
        fixture.clock.advance(by: .seconds(86_400))
        #expect(await refusal(fixture.directory, ended.text.text) == .tokenExpired)
    }
}
