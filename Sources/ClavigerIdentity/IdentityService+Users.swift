package import ClavigerCore
package import ClavigerCrypto

extension IdentityService {
    /// A page of the account's identities by name; the root identity is among them.
    package func users(after name: String?, limit: Int, as caller: Caller) async throws(KMSError) -> Page<Identity> {
        try caller.require(on: .all(.user))
        let account = caller.principal.account
        let identities = try await store.identities(of: account, after: name, limit: limit + 1)
        return Page(identities, limit: limit, name: \.name)
    }

    /// - Throws: `.identityNotFound`.
    package func user(_ name: String, as caller: Caller) async throws(KMSError) -> UserDetails {
        try caller.require(on: AccessResource(.user, .text(name)))
        let identity = try await identity(name, of: caller)
        return UserDetails(
            identity: identity, groups: try await store.groups(ofIdentity: identity.id),
            policies: try await store.policies(attachedTo: .user(identity.id)),
            accessKeys: try await store.accessKeys(of: identity.id))
    }

    /// Makes a user, who may do nothing yet.
    ///
    /// - Parameter password: `nil` for a user who only has access keys.
    /// - Throws: `.invalidName`, `.invalidParameterValue` for description and password, `.nameExists`, `.tooMany`.
    package func createUser(
        named name: String, description: String = "", password: KeyMaterial? = nil, as caller: Caller
    ) async throws(KMSError) -> Identity {
        try caller.require(on: AccessResource(.user, .text(name)))
        try NameRule.user.check(name)
        try checkDescription(description)
        let account = caller.principal.account
        let digest: PasswordDigest? =
            if let password { try await self.digest(of: password, forUser: name) } else { nil }
        let now = clock.now
        return try await drawing { () throws(KMSError) in
            let identity = Identity(
                id: makeID(), number: .random(random), account: account, name: name, isRoot: false,
                description: description, password: digest, createdAt: now)
            try await store.insert(identity, limit: Self.mostUsers)
            return identity
        } unless: { () throws(KMSError) in
            try await store.identity(named: name, in: account) != nil
        }
    }

    /// Changes what is given. Whoever is disabled loses sessions and temporary credentials for good.
    ///
    /// - Throws: `.identityNotFound`, `.invalidParameterValue`, `.rootIdentity` if the root identity would be disabled.
    package func updateUser(
        _ name: String, description: String? = nil, isEnabled: Bool? = nil, as caller: Caller
    ) async throws(KMSError) -> Identity {
        try caller.require(on: AccessResource(.user, .text(name)))
        if let description { try checkDescription(description) }
        let identity = try await identity(name, of: caller)
        try requireMayGovern(identity, caller)
        guard !identity.isRoot || isEnabled != false else {
            throw KMSError(.rootIdentity, "the root identity cannot be disabled")
        }
        let now = clock.now
        return try await change(caller.principal.account) { () throws(KMSError) in
            try await store.changeIdentity(identity.id) { identity in
                if let description { identity.description = description }
                if let isEnabled {
                    if !isEnabled { identity.endSessions(at: now) }
                    identity.isEnabled = isEnabled
                }
            }
        }
    }

    /// Deletes a user with the access keys; those stop at once.
    ///
    /// - Throws: `.identityNotFound`, `.rootIdentity`.
    package func deleteUser(_ name: String, as caller: Caller) async throws(KMSError) {
        try caller.require(on: AccessResource(.user, .text(name)))
        let identity = try await identity(name, of: caller)
        guard !identity.isRoot else { throw KMSError(.rootIdentity, "the root identity cannot be deleted") }
        try await change(caller.principal.account) { () throws(KMSError) in try await store.deleteIdentity(identity.id)
        }
    }

    /// Makes all sessions and temporary credentials of a user void.
    ///
    /// - Throws: `.identityNotFound`.
    package func endSessions(ofUser name: String, as caller: Caller) async throws(KMSError) {
        try caller.require(on: AccessResource(.user, .text(name)))
        let identity = try await identity(name, of: caller)
        try requireMayGovern(identity, caller)
        let now = clock.now
        try await change(caller.principal.account) { () throws(KMSError) in
            try await store.changeIdentity(identity.id) { $0.endSessions(at: now) }
        }
    }
}

extension Identity {
    /// Makes the tokens of the identity void. The moment only grows, so that no two times without a token of the other are alike.
    mutating func endSessions(at now: Timestamp) {
        sessionsValidFrom = max(now, sessionsValidFrom + .seconds(1))
    }
}
