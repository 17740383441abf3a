package import ClavigerCrypto

/// A principal within one request: who asks for what, where, and with what right.
package struct Caller: Sendable {
    package let principal: Principal
    package let realm: Realm

    /// The right that the call needs. Every dialect says it by a table.
    package let permission: Permission
    package let access: Access

    package init(principal: Principal, realm: Realm, permission: Permission, access: Access) {
        self.principal = principal
        self.realm = realm
        self.permission = permission
        self.access = access
    }

    /// Where this caller's keys are.
    package var scope: KeyScope { KeyScope(account: principal.account, realm: realm.id) }

    /// The same caller where a call needs another right besides its own.
    package func needing(_ permission: Permission) -> Caller {
        Caller(principal: principal, realm: realm, permission: permission, access: access)
    }

    /// Refuses the caller if the policies do not allow what is asked on this resource.
    ///
    /// - Parameters:
    ///   - context: the encryption context of the call.
    ///   - tags: what the call gives to the thing that it makes.
    /// - Throws: `.accessDenied`.
    package func require(
        on resource: AccessResource, context: EncryptionContext = .empty, tags: [KeyTag] = []
    ) throws(KMSError) {
        if access.rights.isRoot { return }
        var facts = access.facts
        facts.encryptionContext = context
        facts.requestTags = tags
        let decision = access.rights.decide(permission, on: resource, in: realm, for: principal, facts: facts)
        access.note(decision)
        guard decision.allows else { throw refusal }
    }

    /// Refuses the caller if the policies do not allow what is asked on this resource in every call that he could make: what he may do at some times,
    /// from some places or with some encryption contexts only is not his to give away.
    ///
    /// - Throws: `.accessDenied`.
    func requireForEveryCall(on resource: AccessResource) throws(KMSError) {
        if access.rights.isRoot { return }
        var facts = access.facts
        facts.isOfEveryCall = true
        let decision = access.rights.decide(permission, on: resource, in: realm, for: principal, facts: facts)
        access.note(decision)
        guard decision.allows else { throw refusal }
    }

    /// Refuses the caller only if a policy denies what is asked on this resource: something else has allowed it.
    ///
    /// - Parameter label: what has allowed it, as the decision names it.
    /// - Throws: `.accessDenied`.
    func requireNoDenial(on resource: AccessResource, allowedBy label: StatementLabel) throws(KMSError) {
        if access.rights.isRoot { return }
        let decision = access.rights.decide(
            permission, on: resource, in: realm, for: principal, facts: access.facts)
        switch decision {
        case .denied:
            access.note(decision)
            throw refusal
        case .root, .allowed, .notAllowed: access.note(.allowed(by: label))
        }
    }

    /// Refuses the caller if a policy denies him one of these on this resource: his right is another one, but the work comes to the same.
    ///
    /// - Throws: `.accessDenied`.
    func requireNoDenial(of permissions: [Permission], on resource: AccessResource) throws(KMSError) {
        if access.rights.isRoot { return }
        for permission in permissions {
            let decision = access.rights.decide(
                permission, on: resource, in: realm, for: principal, facts: access.facts)
            guard case .denied = decision else { continue }
            access.note(decision)
            throw refusal
        }
    }

    /// What it means to this caller that a key does not exist: who has no right to keys in general does not learn which of them do.
    package func absence(of id: KeyID) -> KMSError {
        do throws(KMSError) { try require(on: .unknownKey(id)) } catch { return error }
        return .keyNotFound(id)
    }

    /// What it means to this caller that an alias does not exist: who has no right to keys in general does not learn which of them do.
    func absence(of alias: KeyAlias) -> KMSError {
        do throws(KMSError) { try require(on: .all(.key)) } catch { return error }
        return .aliasNotFound(alias)
    }

    /// Notes that no policy allows the call, and gives the error for it.
    package func refuse() -> KMSError {
        access.note(.notAllowed)
        return refusal
    }

    /// What the caller is told who may not do this. Not a word on policies, whose names are not everybody's business.
    private var refusal: KMSError {
        KMSError(.accessDenied, "\(principal.name) has no permission for \(permission.name)")
    }
}

/// An account's part of a realm: keys and aliases of one are unknown in every other.
package struct KeyScope: Hashable, Sendable {
    package let account: AccountID
    package let realm: RealmID

    package init(account: AccountID, realm: RealmID) {
        self.account = account
        self.realm = realm
    }
}
