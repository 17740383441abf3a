import ClavigerCrypto

/// What a new grant shall be.
package struct NewGrant: Sendable {
    package let grantee: KeyGrant.Grantee

    /// At least one.
    package let operations: [GrantOperation]
    package let name: String

    /// The id of the identity that may give the grant up.
    package let retiringIdentity: String?

    package init(
        grantee: KeyGrant.Grantee, operations: [GrantOperation], name: String, retiringIdentity: String?
    ) {
        self.grantee = grantee
        self.operations = operations
        self.name = name
        self.retiringIdentity = retiringIdentity
    }
}

extension KeyService {
    /// Gives somebody rights to a key.
    ///
    /// Nobody can give away what he may not do with the key himself, at any time and from anywhere: rights under conditions of the call stay
    /// with those who have them. Nor can he give anything to himself, which would outlive his rights; only who may create grants by a policy gives
    /// rights to the whole account, himself among it.
    ///
    /// - Returns: the grant's id.
    /// - Throws: `.accessDenied`, `.invalidParameterValue` for a grant to oneself, `.keyDisabled`, `.wrongKeyState`, `.notUserKey` for keys of cloud products, `.tooManyGrants`.
    package func createGrant(
        _ new: NewGrant, on resident: ResidentKey, as caller: Caller
    ) async throws(KMSError) -> String {
        let id = resident.key.id
        let grant = KeyGrant(
            id: Hex.string(random.bytes(32)), key: id, grantee: new.grantee, operations: new.operations,
            name: new.name, retiringIdentity: new.retiringIdentity, issuer: caller.principal.identity,
            createdAt: clock.now)
        try await change([id], .createGrant, as: caller) { key throws(KMSError) in
            // Asked of the key as it is now: what somebody lost a moment ago is not his to give.
            let resource = AccessResource.key(key, policy: self.policy(of: key).policy)
            for operation in new.operations {
                try caller.needing(operation.permission).requireForEveryCall(on: resource)
            }
            try Self.requireOthers(new.grantee, caller)
            try key.requireRoomForGrant()
            return [.addGrant(grant)]
        }
        return grant.id
    }

    private static func requireOthers(_ grantee: KeyGrant.Grantee, _ caller: Caller) throws(KMSError) {
        if caller.principal.isRoot { return }
        switch grantee {
        case .identity(let id):
            guard id != caller.principal.identity else {
                throw KMSError(.invalidParameterValue, "nobody grants rights to himself")
            }
        case .account:
            guard caller.access.rights.mayAllow(.createGrant) else { throw caller.refuse() }
        }
    }

    /// The key's grants, oldest first.
    package func grants(on resident: ResidentKey, as caller: Caller) throws(KMSError) -> [KeyGrant] {
        try admit(.describe, on: resident, as: caller)
        return resident.key.grants
    }

    /// Takes a grant away.
    ///
    /// - Throws: `.grantNotFound`.
    package func revokeGrant(_ grant: String, on id: KeyID, as caller: Caller) async throws(KMSError) {
        try await change([id], .removeGrant, as: caller) { _ in [.removeGrant(grant)] }
    }

    /// Gives a grant up: for whom the grant names for it, and for whom policies let. Who is neither does not learn whether there is one.
    ///
    /// - Throws: `.grantNotFound`, `.accessDenied`.
    package func retireGrant(
        _ grant: String, on resident: ResidentKey, as caller: Caller
    ) async throws(KMSError) {
        try requireUnsealed()
        try requirePresence(of: resident, to: caller)
        let id = resident.key.id
        do throws(KMSError) {
            _ = try await changeStored([id], in: caller.scope) { key throws(KMSError) in
                try self.requireRetirable(grant, on: key, by: caller)
                return [.removeGrant(grant)]
            }
        } catch {
            throw Self.concealed(error, about: [id], from: caller)
        }
    }

    private func requireRetirable(_ grant: String, on key: Key, by caller: Caller) throws(KMSError) {
        guard !isGone(key) else { throw caller.absence(of: key.id) }
        let resource = AccessResource.key(key, policy: policy(of: key).policy)
        if let index = key.grants.firstIndex(where: { $0.id == grant }),
            key.grants[index].isRetirable(by: caller.principal)
        {
            try caller.requireNoDenial(
                on: resource, allowedBy: StatementLabel(policy: Policy.nameOfGrants, number: index + 1))
        } else {
            try caller.require(on: resource)
        }
    }

    /// The grants in the caller's realm that he may give up by himself, oldest first.
    package func retirableGrants(
        offset: Int, limit: Int, as caller: Caller
    ) async throws(KMSError) -> (grants: [KeyGrant], total: Int) {
        try caller.require(on: .all(.key))
        // Keys whose time is over take their grants with them.
        try await catchUp()
        return try await store.grants(
            retirableBy: caller.principal.identity, in: caller.scope, offset: offset, limit: limit)
    }
}

extension KeyGrant {
    /// Whether the grant itself lets somebody give it up.
    func isRetirable(by principal: Principal) -> Bool {
        if retiringIdentity == principal.identity { return true }
        return operations.contains(.retireGrant) && covers(principal)
    }

    private func covers(_ principal: Principal) -> Bool {
        switch grantee {
        case .identity(let id): id == principal.identity
        case .account: true
        }
    }
}

extension PolicyStatement {
    /// What a grant allows, apart from giving up this very grant, which no statement can say; `nil` if that is all.
    convenience init?(_ grant: KeyGrant, number: Int) {
        let permissions = PermissionSet(grant.operations.filter { $0 != .retireGrant }.map(\.permission))
        guard !permissions.isEmpty else { return nil }
        let principal: PrincipalPattern =
            switch grant.grantee {
            case .identity(let id): .identity(id)
            case .account: .everybody
            }
        self.init(
            label: StatementLabel(policy: Policy.nameOfGrants, number: number), effect: .allow,
            permissions: permissions, principals: [principal], resources: .these([.everything]))
    }
}
