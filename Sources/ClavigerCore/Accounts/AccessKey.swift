import ClavigerCrypto

/// An id and a secret that sign requests, in every dialect. The secret rests wrapped by the root key.
package struct AccessKey: Hashable, Identifiable, Sendable {
    /// As many an identity can have.
    package static let mostPerIdentity = 2

    package let id: String
    package let account: AccountID
    package let identity: String
    package let wrappedSecret: [UInt8]
    package var isEnabled: Bool
    package let createdAt: Timestamp

    /// When it last signed a request; to the minute, and `nil` if it never did.
    package var lastUsedAt: Timestamp?

    package init(
        id: String, account: AccountID, identity: String, wrappedSecret: [UInt8], isEnabled: Bool,
        createdAt: Timestamp, lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.account = account
        self.identity = identity
        self.wrappedSecret = wrappedSecret
        self.isEnabled = isEnabled
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
    }

    /// What the wrapped secret is bound to.
    package static func wrappingIdentity(account: AccountID, id: String) -> RowIdentity {
        RowIdentity("access-key", account.description, id)
    }
}

/// The name of the row that a wrapped secret belongs to; it is authenticated with the secret, so that rows cannot be swapped.
package struct RowIdentity: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(_ kind: String, _ parts: String...) {
        var bytes: [UInt8] = []
        for part in [kind] + parts {
            bytes.appendBigEndian(UInt32(part.utf8.count))
            bytes.append(contentsOf: part.utf8)
        }
        self.bytes = bytes
    }
}
