package import ClavigerCore

/// Who a caller is.
package struct WhoAmI: Sendable {
    package let account: Account
    package let identity: Identity
}
