package import ClavigerCore
package import ClavigerCrypto

extension IdentityService {
    private static let sessionLifetime = Duration.seconds(43_200)

    /// A number that no account has: what is unknown must not cost less than what is known.
    static let nobody = AccountID(0)

    /// Opens a session of 12 hours for whoever knows the password.
    ///
    /// - Parameters:
    ///   - account: name or number; `nil` for the operator's.
    ///   - password: text in UTF-8.
    /// - Throws: `.wrongPassword`, whatever of the three is wrong; `.throttled`.
    package func openSession(
        account nameOrNumber: String?, user: String, password: KeyMaterial
    ) async throws(KMSError) -> OpenedSession {
        let meant = if let nameOrNumber { nameOrNumber } else { try await operatorID()?.description ?? "" }
        let (account, identity) = try await admit(try await signIn(user: user, account: meant), password: password)
        let now = clock.now
        let token = Token(
            kind: .session, id: tokens.makeID(), account: account.id, identity: identity.id,
            epoch: identity.sessionsValidFrom, issuedAt: now, expiry: now + Self.sessionLifetime)
        return OpenedSession(
            token: try tokens.seal(token), expiry: token.expiry, account: account, identity: identity)
    }

    /// Whom somebody means who signs in by these names.
    func signIn(user: String, account meant: String) async throws(KMSError) -> SignIn {
        // By number or by name, known or not, it takes one look-up for the account and one for the user.
        let account = try await knownAccount(meant)
        let identity = try await store.identity(named: user, in: account?.id ?? Self.nobody)
        // However the account is named, its users' attempts are counted once; and so they are if there is no such account.
        let counted = (account?.id ?? Self.number(meant))?.description ?? meant
        return SignIn(account: account, identity: identity, counted: "\(counted)/\(user)")
    }

    /// Lets through whoever knows the password of an enabled user of an enabled account.
    ///
    /// - Throws: `.wrongPassword`, whatever is wrong; `.throttled`.
    func admit(_ claim: SignIn, password: KeyMaterial) async throws(KMSError) -> (Account, Identity) {
        let mayEnter = claim.account?.isEnabled == true && claim.identity?.isEnabled == true
        let digest = mayEnter ? claim.identity?.password : nil
        try await gate.check(password, against: digest, name: "sign-in/\(claim.counted)")
        // The gate lets nobody through who does not exist.
        guard let account = claim.account, let identity = claim.identity else { throw PasswordGate.wrongPassword }
        return (account, identity)
    }

    /// The account that somebody means who signs in by this name or number; `nil` for the operator's. For records, which name only what exists.
    package func accountMeant(by nameOrNumber: String?) async throws(KMSError) -> Account? {
        guard let nameOrNumber else { return try await knownAccount(try await operatorID()?.description ?? "") }
        return try await knownAccount(nameOrNumber)
    }

    /// Makes the token of a session void, and the temporary credentials that it made.
    package func endSession(_ session: Session) async throws(KMSError) {
        try await change(session.principal.account) { () throws(KMSError) in
            try await tokens.revoke(session.tokenID, expiry: session.expiry, in: store)
        }
    }
}
