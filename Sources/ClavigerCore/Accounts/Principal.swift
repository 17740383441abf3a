/// The number of an identity, unique over all accounts; Tencent's uin. That of a root identity is its account's.
package struct IdentityNumber: Hashable, Sendable, CustomStringConvertible {
    package let value: Int64
    package init(_ value: Int64) { self.value = value }
    package var description: String { String(value) }
}

/// Who is authenticated.
package struct Principal: Hashable, Sendable {
    package let account: AccountID

    /// The id, number and name of the identity within the account.
    package let identity: String
    package let number: IdentityNumber
    package let name: String
    package let isRoot: Bool

    /// The access key that proved it; empty for a session that a password opened.
    package let accessKeyID: String

    package init(
        account: AccountID, identity: String, number: IdentityNumber, name: String, isRoot: Bool, accessKeyID: String
    ) {
        self.account = account
        self.identity = identity
        self.number = number
        self.name = name
        self.isRoot = isRoot
        self.accessKeyID = accessKeyID
    }
}
