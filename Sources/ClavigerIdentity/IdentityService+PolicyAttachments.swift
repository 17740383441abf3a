package import ClavigerCore

/// The right is asked for the holder and for the policy: it takes both to decide who gets which rights.
extension IdentityService {
    /// Attaches a policy to a user; nothing changes if it is attached already.
    ///
    /// - Throws: `.policyNotFound`, `.identityNotFound`, `.rootIdentity`, `.tooMany`.
    package func attach(policy: String, toUser name: String, as caller: Caller) async throws(KMSError) {
        let holder = try await user(name, caller, policy)
        try await attach(policy, to: holder, caller)
    }

    /// Attaches a policy to a group; nothing changes if it is attached already.
    ///
    /// - Throws: `.policyNotFound`, `.groupNotFound`, `.tooMany`.
    package func attach(policy: String, toGroup name: String, as caller: Caller) async throws(KMSError) {
        let holder = try await group(name, caller, policy)
        try await attach(policy, to: holder, caller)
    }

    /// Detaches a policy from a user; nothing changes if it is not attached.
    ///
    /// - Throws: `.policyNotFound`, `.identityNotFound`, `.rootIdentity`.
    package func detach(policy: String, fromUser name: String, as caller: Caller) async throws(KMSError) {
        let holder = try await user(name, caller, policy)
        try await detach(policy, from: holder, caller)
    }

    /// Detaches a policy from a group; nothing changes if it is not attached.
    ///
    /// - Throws: `.policyNotFound`, `.groupNotFound`.
    package func detach(policy: String, fromGroup name: String, as caller: Caller) async throws(KMSError) {
        let holder = try await group(name, caller, policy)
        try await detach(policy, from: holder, caller)
    }

    private func user(_ name: String, _ caller: Caller, _ policy: String) async throws(KMSError) -> PolicyHolder {
        try caller.require(on: AccessResource(.user, .text(name)))
        try caller.require(on: AccessResource(.policy, .text(policy)))
        let identity = try await identity(name, of: caller)
        guard !identity.isRoot else { throw KMSError(.rootIdentity, "the root identity is under no policy") }
        return .user(identity.id)
    }

    private func group(_ name: String, _ caller: Caller, _ policy: String) async throws(KMSError) -> PolicyHolder {
        try caller.require(on: AccessResource(.group, .text(name)))
        try caller.require(on: AccessResource(.policy, .text(policy)))
        return .group(try await group(name, of: caller).id)
    }

    private func attach(_ name: String, to holder: PolicyHolder, _ caller: Caller) async throws(KMSError) {
        let policy = try await policy(name, of: caller)
        try await change(caller.principal.account) { () throws(KMSError) in
            try await store.attach(policy: policy.id, to: holder, limit: Self.mostPoliciesPerHolder)
        }
    }

    private func detach(_ name: String, from holder: PolicyHolder, _ caller: Caller) async throws(KMSError) {
        let policy = try await policy(name, of: caller)
        try await change(caller.principal.account) { () throws(KMSError) in
            try await store.detach(policy: policy.id, from: holder)
        }
    }
}
