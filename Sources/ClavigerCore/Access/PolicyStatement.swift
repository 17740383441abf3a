/// One rule of a policy, read and ready to be asked.
package final class PolicyStatement: Sendable {
    package enum Effect: Hashable, Sendable {
        case allow, deny
    }

    package enum Resources: Hashable, Sendable {
        case these([ResourcePattern])
        case allBut([ResourcePattern])
    }

    package let label: StatementLabel
    package let effect: Effect
    package let permissions: PermissionSet

    /// Whom it is about, unless that is everybody who has the policy.
    private let principals: [PrincipalPattern]
    private let isForHolders: Bool
    private let resources: [ResourcePattern]
    private let isAboutOthers: Bool

    /// All of them must hold.
    private let conditions: [PolicyCondition]

    /// - Parameter principals: whom it is about; `nil` means everybody who has the policy.
    package init(
        label: StatementLabel, effect: Effect, permissions: PermissionSet, principals: [PrincipalPattern]? = nil,
        resources: Resources, conditions: [PolicyCondition] = []
    ) {
        self.label = label
        self.effect = effect
        self.permissions = permissions
        self.principals = principals ?? []
        isForHolders = principals == nil
        switch resources {
        case .these(let patterns): (self.resources, isAboutOthers) = (patterns, false)
        case .allBut(let patterns): (self.resources, isAboutOthers) = (patterns, true)
        }
        self.conditions = conditions
    }

    /// Whether it is about what is asked, apart from the permission.
    func covers(
        _ resource: AccessResource, _ texts: inout ResourceTexts, _ realm: Realm, _ principal: Principal,
        _ facts: AccessFacts
    ) -> Bool {
        guard isForHolders || principals.contains(where: { $0.covers(principal) }) else { return false }
        let isListed = resources.contains { $0.covers(resource, &texts, in: realm) }
        guard isListed != isAboutOthers else { return false }
        // Where a condition cannot be answered, nobody gets more rights.
        return conditions.isEmpty
            || conditions.allSatisfy { $0.holds(resource, principal, facts) ?? (effect == .deny) }
    }
}
