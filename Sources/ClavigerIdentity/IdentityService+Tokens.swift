package import ClavigerCore
import ClavigerCrypto

extension IdentityService {
    private static let tokenLifetime = Duration.seconds(86_400)

    /// Makes a token of 24 hours for whoever knows the password. Those that were made before stay good.
    ///
    /// - Throws: `.wrongPassword`, whatever of account, user and password is wrong; `.projectNotFound` if the password is right and the scope is no project
    ///   of the user's account, or another account; `.throttled`.
    package func issueToken(_ request: TokenRequest) async throws(KMSError) -> IssuedToken {
        let meant = try await whoIsMeant(by: request.user)
        let (account, identity) = try await admit(meant, password: request.password)
        let project = try project(of: account, in: request.scope)
        let now = clock.now
        let token = Token(
            kind: .identity, id: tokens.makeID(), account: account.id, identity: identity.id,
            epoch: identity.sessionsValidFrom, issuedAt: now, expiry: now + Self.tokenLifetime,
            project: project?.id ?? "")
        return IssuedToken(
            text: try tokens.seal(token), issuedAt: now, expiry: token.expiry, account: account, identity: identity,
            project: project)
    }

    /// What a token of somebody of the caller's account says.
    ///
    /// - Throws: `.invalidToken` also for a token of another account, and for one whose project was deleted; `.tokenExpired`, `.sealed`.
    package func inspect(_ text: String, as principal: Principal) async throws(KMSError) -> IssuedToken {
        let session = try await session(text, as: principal)
        let token = try tokens.open(text, as: .identity)
        let project = knownProjects[session.project]
        guard session.project.isEmpty || project != nil,
            let account = try await store.account(session.principal.account),
            let identity = try await store.identity(session.principal.identity)
        else { throw TokenAuthority.invalidToken }
        return IssuedToken(
            text: KeyMaterial(text.utf8), issuedAt: token.issuedAt, expiry: token.expiry, account: account,
            identity: identity, project: project)
    }

    /// Makes one token of somebody of the caller's account void, and the temporary credentials that it made.
    ///
    /// - Throws: `.invalidToken` also for a token of another account; `.tokenExpired`, `.sealed`.
    package func endToken(_ text: String, as principal: Principal) async throws(KMSError) {
        try await endSession(try await session(text, as: principal))
    }

    /// The account and the identity that somebody means who asks for a token; either is `nil` if it does not exist. For records, which name only what
    /// exists.
    package func meant(by user: TokenRequest.User) async throws(KMSError) -> (account: Account?, identity: Identity?) {
        let meant = try await whoIsMeant(by: user)
        return (meant.account, meant.identity)
    }

    // MARK: who

    /// By name or by id, known or not, it takes one look-up for the account and one for the user.
    private func whoIsMeant(by user: TokenRequest.User) async throws(KMSError) -> SignIn {
        switch user {
        case .name(let name, .name(let domain)): return try await signIn(user: name, account: domain)
        case .name(let name, .id(let domain)):
            let account = try await store.account(knownAccounts.account(domainID: domain)?.id ?? Self.nobody)
            let identity = try await store.identity(named: name, in: account?.id ?? Self.nobody)
            return SignIn(
                account: account, identity: identity, counted: "\(account?.id.description ?? domain)/\(name)")
        case .id(let id):
            let identity = try await store.identity(id)
            let account = try await store.account(identity?.account ?? Self.nobody)
            // Attempts count once, whether by id or by name.
            let counted = identity.map { "\($0.account)/\($0.name)" } ?? "/\(id)"
            return SignIn(account: account, identity: identity, counted: counted)
        }
    }

    private func session(_ text: String, as principal: Principal) async throws(KMSError) -> Session {
        let session = try await credentials.identitySession(text)
        guard session.principal.account == principal.account else { throw TokenAuthority.invalidToken }
        return session
    }

    // MARK: for what

    /// - Returns: `nil` for the whole account.
    private func project(of account: Account, in scope: TokenRequest.Scope) throws(KMSError) -> Project? {
        switch scope {
        case .project(let reference):
            guard let project = project(reference, of: account) else {
                throw KMSError(.projectNotFound, "the user's account has no such project")
            }
            return project
        case .domain(let reference):
            let isOwn =
                switch reference {
                case .name(let name): name.utf8.elementsEqual(account.domainName.utf8)
                case .id(let id): id.utf8.elementsEqual(account.domainID.utf8)
                }
            guard isOwn else { throw KMSError(.projectNotFound, "the user is of another account") }
            return nil
        case .unscoped: return nil
        }
    }

    private func project(_ reference: TokenRequest.Reference, of account: Account) -> Project? {
        switch reference {
        case .name(let name): knownProjects.project(named: name, of: account.id, realms: realms)
        case .id(let id): knownProjects[id].flatMap { $0.account == account.id ? $0 : nil }
        }
    }
}
