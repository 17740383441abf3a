/// A policy, read and ready to be asked.
package struct Policy: Sendable {
    /// What the policies of keys are called in decisions; no other policy can have the name.
    package static let nameOfKeyPolicies = "key-policy"

    /// What the grants on keys are called in decisions, with their number on the key; no policy can have the name.
    package static let nameOfGrants = "key-grant"

    package let name: String
    package let statements: [PolicyStatement]
    let denials: StatementList
    let permissions: StatementList

    package init(name: String, statements: [PolicyStatement]) {
        self.name = name
        self.statements = statements
        denials = StatementList(.deny, of: statements)
        permissions = StatementList(.allow, of: statements)
    }

    /// What is said of one key alone: its own policy, then its grants; `nil` if it has neither.
    package init?(of key: Key, own: Policy?) {
        let grants = key.grants.enumerated().compactMap { PolicyStatement($1, number: $0 + 1) }
        guard own != nil || !grants.isEmpty else { return nil }
        self.init(name: own?.name ?? Self.nameOfKeyPolicies, statements: (own?.statements ?? []) + grants)
    }

    /// What stands for a policy that cannot be read: nobody can tell what it forbids, so it forbids everything. The
    /// label of its one statement has the number 0.
    package static func denyingEverything(named name: String) -> Policy {
        Policy(
            name: name,
            statements: [
                PolicyStatement(
                    label: StatementLabel(policy: name, number: 0), effect: .deny, permissions: .all,
                    resources: .these([.everything]))
            ])
    }
}
