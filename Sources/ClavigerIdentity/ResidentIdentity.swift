import ClavigerCore

/// An identity that may do something, and what; shared by all its access keys and sessions.
struct ResidentIdentity: Sendable {
    let account: AccountID
    let id: String
    let number: IdentityNumber
    let name: String
    let isRoot: Bool
    let rights: Rights

    /// Its ``Identity/sessionsValidFrom``: tokens with another one are void.
    let epoch: Timestamp

    init(_ identity: Identity, rights: Rights) {
        account = identity.account
        id = identity.id
        number = identity.number
        name = identity.name
        isRoot = identity.isRoot
        epoch = identity.sessionsValidFrom
        self.rights = rights
    }

    func principal(accessKeyID: String = "") -> Principal {
        Principal(
            account: account, identity: id, number: number, name: name, isRoot: isRoot, accessKeyID: accessKeyID)
    }
}
