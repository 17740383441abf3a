/// What an identity may do: everything, or what its policies say.
package final class Rights: Sendable {
    /// Whether these are the rights of the root of an account, who is under no policy.
    package let isRoot: Bool

    // In the order of the policies' names, so that a decision names the same statement every time.
    private let denials: StatementList
    private let permissions: StatementList

    /// The rights of the root of an account.
    package static let root = Rights(isRoot: true, policies: [])

    private init(isRoot: Bool, policies: [Policy]) {
        self.isRoot = isRoot
        let statements = policies.sorted { $0.name < $1.name }.flatMap(\.statements)
        denials = StatementList(.deny, of: statements)
        permissions = StatementList(.allow, of: statements)
    }

    /// The rights that these policies give, those of the identity and of its groups.
    package convenience init(_ policies: [Policy]) { self.init(isRoot: false, policies: policies) }

    /// What the policies say, and the resource's own policy after them. An explicit deny beats every allow; what
    /// nothing allows is not allowed.
    ///
    /// Whoever is denied the same work under another vendor's name (``Permission/siblings``) is denied this one, too.
    ///
    /// Decisions name the first statement that denies, else the first that allows. Statements without conditions about
    /// everything, all keys, the keys of one creator or one key are decided without allocation.
    package func decide(
        _ permission: Permission, on resource: AccessResource, in realm: Realm, for principal: Principal,
        facts: AccessFacts
    ) -> AccessDecision {
        if isRoot { return .root }
        var texts = ResourceTexts()
        if let label = denial(of: permission, resource, &texts, realm, principal, facts) { return .denied(by: label) }
        for sibling in permission.siblings {
            if let label = denial(of: sibling, resource, &texts, realm, principal, facts) { return .denied(by: label) }
        }
        if let label = permissions.first(covering: permission, resource, &texts, realm, principal, facts) {
            return .allowed(by: label)
        }
        if let own = resource.policy?.permissions,
            let label = own.first(covering: permission, resource, &texts, realm, principal, facts)
        {
            return .allowed(by: label)
        }
        return .notAllowed
    }

    private func denial(
        of permission: Permission, _ resource: AccessResource, _ texts: inout ResourceTexts, _ realm: Realm,
        _ principal: Principal, _ facts: AccessFacts
    ) -> StatementLabel? {
        denials.first(covering: permission, resource, &texts, realm, principal, facts)
            ?? resource.policy?.denials.first(covering: permission, resource, &texts, realm, principal, facts)
    }

    /// Whether some statement allows the permission, on whatever resource and under whatever conditions.
    package func mayAllow(_ permission: Permission) -> Bool {
        isRoot || permissions.contains(permission)
    }
}
