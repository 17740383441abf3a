package import ClavigerCore

/// Somebody who was let in by a password, and holds a token for it.
package struct Session: Sendable {
    /// Its `accessKeyID` is empty.
    package let principal: Principal
    package let rights: Rights

    /// The first moment at which it does not count any more.
    package let expiry: Timestamp
    package let tokenID: [UInt8]

    /// The id of the project that its token is bound to; empty if it counts in the whole account, as all but tokens of identities do.
    package let project: String

    /// The identity's ``Identity/sessionsValidFrom``, with which it stands and falls.
    let epoch: Timestamp

    init(_ token: Token, of identity: ResidentIdentity) {
        principal = identity.principal()
        rights = identity.rights
        expiry = token.expiry
        tokenID = token.id
        project = token.project
        epoch = token.epoch
    }
}
