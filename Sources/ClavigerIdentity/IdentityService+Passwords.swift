package import ClavigerCore
package import ClavigerCrypto

extension IdentityService {
    /// Sets a password, and makes sessions and temporary credentials of the user void: whoever knew the old one is out.
    ///
    /// - Parameter old: with the right one everybody may change his own; it is asked of nobody who has the permission.
    /// - Throws: `.identityNotFound`, `.invalidParameterValue` if the new one is not good enough, `.wrongPassword`, `.invalidParameter` for an old
    ///   password of somebody else.
    package func setPassword(
        _ new: KeyMaterial, old: KeyMaterial? = nil, ofUser name: String, as caller: Caller
    ) async throws(KMSError) {
        let identity: Identity
        if let old {
            identity = try await prove(old, user: name, caller)
        } else {
            try caller.require(on: AccessResource(.user, .text(name)))
            identity = try await self.identity(name, of: caller)
            try requireMayGovern(identity, caller)
        }
        let digest = try await digest(of: new, forUser: name)
        try await change(caller.principal.account) { [now = clock.now] () throws(KMSError) in
            try await store.changeIdentity(identity.id) { current throws(KMSError) in
                // Who knows a password that was replaced meanwhile must not replace the new one.
                guard old == nil || current.password == identity.password else { throw PasswordGate.wrongPassword }
                current.password = digest
                current.endSessions(at: now)
            }
        }
    }

    /// Takes the password away; access keys stay, sessions and temporary credentials do not.
    ///
    /// - Throws: `.identityNotFound`.
    package func removePassword(ofUser name: String, as caller: Caller) async throws(KMSError) {
        try caller.require(on: AccessResource(.user, .text(name)))
        let identity = try await identity(name, of: caller)
        try requireMayGovern(identity, caller)
        try await change(caller.principal.account) { [now = clock.now] () throws(KMSError) in
            try await store.changeIdentity(identity.id) { identity in
                identity.password = nil
                identity.endSessions(at: now)
            }
        }
    }

    /// The digest of a password that is good enough.
    func digest(of password: KeyMaterial, forUser name: String) async throws(KMSError) -> PasswordDigest {
        try PasswordRule.check(password, ofUser: name)
        let salt = random.bytes(16)
        return try await workers.run { () throws(KMSError) in try PasswordRule.digest(password, salt: salt) }
    }

    /// The caller's identity, if this is its password.
    private func prove(
        _ old: KeyMaterial, user name: String, _ caller: Caller
    ) async throws(KMSError) -> Identity {
        guard name == caller.principal.name else {
            throw KMSError(.invalidParameter, "an old password is only for whoever changes his own")
        }
        guard let identity = try await store.identity(caller.principal.identity) else {
            throw KMSError(.identityNotFound, "no user of the account has this name")
        }
        // Counted by itself: strangers who lock the sign-in must not keep the user from a new password.
        try await gate.check(old, against: identity.password, name: "change/\(identity.id)")
        return identity
    }
}
