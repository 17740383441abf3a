package import ClavigerCore

extension IdentityService {
    /// How long temporary credentials can count, in seconds: a quarter of an hour to a day and a half.
    private static let lifetimes: ClosedRange<Duration> = .seconds(900)...TokenAuthority.longestLifetime

    /// Makes temporary credentials, with all rights of the user. Nothing of them is stored.
    ///
    /// Those that somebody makes for himself end with what he made them with: when the access key is disabled or deleted, or the session ends. What
    /// others make for a user depends on the user alone.
    ///
    /// - Parameters:
    ///   - name: the user's; oneself by default, for which no permission is needed.
    ///   - lifetime: whole seconds, 900 to 129,600; by default an hour. What a session makes for its own user ends with the session at the latest.
    ///   - session: the session that proved the caller, if no access key did.
    /// - Throws: `.identityNotFound`, `.invalidParameterValue` for the lifetime, `.accessDenied` also for temporary credentials: whoever stole some
    ///   could renew them for ever.
    package func createTemporaryCredentials(
        forUser name: String? = nil, lifetime: Duration? = nil, session: Session? = nil, as caller: Caller
    ) async throws(KMSError) -> TemporaryCredentials {
        guard !caller.principal.accessKeyID.hasPrefix(CredentialDirectory.temporaryPrefix) else {
            throw KMSError(.accessDenied, "temporary credentials cannot make temporary credentials")
        }
        let identity = try await bearer(name, caller)
        let issuer = try issuer(for: identity, session, caller)
        let lifetime = lifetime ?? .seconds(3600)
        guard Self.lifetimes.contains(lifetime) else {
            throw KMSError(.invalidParameterValue, "temporary credentials count for 900 to 129600 seconds")
        }
        let now = clock.now
        // A session that ended since the request began has another epoch, and what it makes is void from the start.
        let (epoch, expiry) =
            if case .session = issuer, let session {
                (session.epoch, min(now + lifetime, session.expiry))
            } else {
                (identity.sessionsValidFrom, now + lifetime)
            }
        let secret = SecretText.make(32, random)
        let token = Token(
            kind: .temporaryCredential, id: tokens.makeID(), account: identity.account, identity: identity.id,
            epoch: epoch, issuedAt: now, expiry: expiry,
            accessKeyID: SecretText.accessKeyID(CredentialDirectory.temporaryPrefix, random), secret: secret,
            issuer: issuer)
        return TemporaryCredentials(
            id: token.accessKeyID, secret: secret, token: try tokens.seal(token), expiry: token.expiry)
    }

    /// What the credentials end with.
    private func issuer(
        for identity: Identity, _ session: Session?, _ caller: Caller
    ) throws(KMSError) -> Token.Issuer {
        guard identity.id == caller.principal.identity else { return .none }
        if !caller.principal.accessKeyID.isEmpty { return .accessKey(caller.principal.accessKeyID) }
        guard let session, session.principal.identity == identity.id else {
            // Credentials that nothing ends must not be made because a dialect forgot to say by what the caller was proved.
            throw KMSError(.internalFailure, "neither an access key nor a session proved the caller")
        }
        return .session(session.tokenID)
    }

    /// Whom the credentials are for.
    private func bearer(_ name: String?, _ caller: Caller) async throws(KMSError) -> Identity {
        guard let name, name != caller.principal.name else {
            guard let identity = try await store.identity(caller.principal.identity) else {
                throw KMSError(.identityNotFound, "the user does not exist")
            }
            return identity
        }
        try caller.require(on: AccessResource(.user, .text(name)))
        let identity = try await identity(name, of: caller)
        try requireMayGovern(identity, caller)
        return identity
    }
}
