package import ClavigerCore
package import ClavigerCrypto

/// A session as it was opened, with the token for it.
package struct OpenedSession: Sendable {
    /// Text in ASCII. Whoever has it is the identity.
    package let token: KeyMaterial

    /// The first moment at which it does not count any more.
    package let expiry: Timestamp
    package let account: Account
    package let identity: Identity

    package var principal: Principal {
        Principal(
            account: account.id, identity: identity.id, number: identity.number, name: identity.name,
            isRoot: identity.isRoot, accessKeyID: "")
    }
}
