package import ClavigerCore

/// A policy and whom it is attached to, each by name.
package struct PolicyDetails: Sendable {
    package let policy: StoredPolicy
    package let users: [Identity]
    package let groups: [Group]
}
