package import ClavigerCore
package import ClavigerCrypto

/// What a token says once it is opened: for whom it stands, and until when.
package struct Token: Sendable {
    /// What a token is good for; one kind never passes for another.
    package enum Kind: UInt8, CaseIterable, Sendable {
        /// Stands for the identity by itself, as a bearer token.
        case session = 1
        /// Belongs to an access key id and its secret, which signs the requests.
        case temporaryCredential = 2
        /// Stands for the identity by itself, in one project or the whole account; what Huawei's clients call a token.
        case identity = 3
    }

    /// What temporary credentials were made with, and end with.
    package enum Issuer: Hashable, Sendable {
        /// Nothing but the identity: they were made by somebody else for it. So it is in sessions and tokens of identities.
        case none
        /// The id of an access key of the identity.
        case accessKey(String)
        /// The token id of a session of the identity.
        case session([UInt8])
    }

    package static let idSize = 16

    package let kind: Kind

    /// 16 random bytes, by which a token can be revoked alone.
    package let id: [UInt8]
    package let account: AccountID

    /// The id of the identity.
    package let identity: String

    /// The identity's ``Identity/sessionsValidFrom`` when the token was made. It counts only as long as that is unchanged, which no two clocks and
    /// no two events within a second can blur.
    package let epoch: Timestamp
    package let issuedAt: Timestamp

    /// The first moment at which it does not count any more.
    package let expiry: Timestamp

    /// Empty for all but temporary credentials, as the secret is.
    package let accessKeyID: String
    package let secret: KeyMaterial
    package let issuer: Issuer

    /// The id of the project that it is bound to; empty if to none, as all but tokens of identities are.
    package let project: String

    init(
        kind: Kind, id: [UInt8], account: AccountID, identity: String, epoch: Timestamp, issuedAt: Timestamp,
        expiry: Timestamp, accessKeyID: String = "", secret: KeyMaterial = KeyMaterial([]),
        issuer: Issuer = .none, project: String = ""
    ) {
        self.kind = kind
        self.id = id
        self.account = account
        self.identity = identity
        self.epoch = epoch
        self.issuedAt = issuedAt
        self.expiry = expiry
        self.accessKeyID = accessKeyID
        self.secret = secret
        self.issuer = issuer
        self.project = project
    }
}
