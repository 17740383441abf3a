package import ClavigerCore

/// An identity with what belongs to it.
package struct UserDetails: Sendable {
    package let identity: Identity

    /// By name.
    package let groups: [Group]

    /// Those attached to the identity itself, by name.
    package let policies: [StoredPolicy]

    /// Oldest first.
    package let accessKeys: [AccessKey]
}
