package import ClavigerCore

/// A group with its members and policies, each by name.
package struct GroupDetails: Sendable {
    package let group: Group
    package let members: [Identity]
    package let policies: [StoredPolicy]
}
