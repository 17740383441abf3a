package import ClavigerCore

/// What the policies of a user say to a question.
package struct PolicyAnswer: Hashable, Sendable {
    /// The permission that decided: of several that an action needs the first one refused, else the first.
    package let permission: Permission
    package let decision: AccessDecision
}
