package import ClavigerCore

/// Somebody who was let in by a password, and holds a token for it.
package struct Session: Sendable {
    /// Its `accessKeyID` is empty.
    package let principal: Principal
    package let rights: Rights

    /// The first moment at which it does not count any more.
    package let expiry: Timestamp
    package let tokenID: [UInt8]

    /// The identity's ``Identity/sessionsValidFrom``, with which it stands and falls.
    let epoch: Timestamp

    init(principal: Principal, rights: Rights, expiry: Timestamp, tokenID: [UInt8], epoch: Timestamp) {
        self.principal = principal
        self.rights = rights
        self.expiry = expiry
        self.tokenID = tokenID
        self.epoch = epoch
    }
}
