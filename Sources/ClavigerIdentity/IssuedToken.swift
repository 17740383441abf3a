package import ClavigerCore
package import ClavigerCrypto

/// The token of an identity, and what it stands for.
package struct IssuedToken: Sendable {
    /// Text in ASCII: letters, digits, `_` and `-`. Whoever has it is the identity.
    package let text: KeyMaterial
    package let issuedAt: Timestamp

    /// The first moment at which it does not count any more.
    package let expiry: Timestamp
    package let account: Account
    package let identity: Identity

    /// The project that it is bound to, under the name that it was asked for by; `nil` if it counts for the whole account.
    package let project: Project?

    package var principal: Principal {
        Principal(
            account: account.id, identity: identity.id, number: identity.number, name: identity.name,
            isRoot: identity.isRoot, accessKeyID: "")
    }
}
