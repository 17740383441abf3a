package import ClavigerCore

/// What a policy document is that has no fault.
package struct PolicyCheck: Hashable, Sendable {
    package let language: PolicyLanguage
    package let statements: Int
}
