/// What the policies say about a call, and which of their statements says it.
package enum AccessDecision: Hashable, Sendable {
    /// The root of an account may do everything in it.
    case root
    case allowed(by: StatementLabel)
    /// A statement denies it, whatever others allow.
    case denied(by: StatementLabel)
    /// No statement allows it.
    case notAllowed

    package var allows: Bool {
        switch self {
        case .root, .allowed: true
        case .denied, .notAllowed: false
        }
    }

    /// The word in audit events.
    package var word: String {
        switch self {
        case .root: "root"
        case .allowed: "allowed"
        case .denied: "denied"
        case .notAllowed: "notAllowed"
        }
    }

    package var statement: StatementLabel? {
        switch self {
        case .allowed(let label), .denied(let label): label
        case .root, .notAllowed: nil
        }
    }
}

/// A statement of a policy, as audit events and answers name it: the policy's name and the statement's number from 1, `readers#2`.
package struct StatementLabel: Hashable, Sendable, CustomStringConvertible {
    package let policy: String
    package let number: Int
    package let description: String

    package init(policy: String, number: Int) {
        self.policy = policy
        self.number = number
        description = "\(policy)#\(number)"
    }
}
