package import ClavigerCore

/// An account, as its own identities see it.
package struct AccountDetails: Sendable {
    package let account: Account

    /// By name.
    package let projects: [Project]
}
