/// Somebody who can prove who they are: the root of an account, who may do everything in it, or one of its users.
package struct Identity: Hashable, Identifiable, Sendable {
    /// Unique over all accounts, never reused: 32 hexadecimal digits.
    package let id: String

    /// Tencent's uin, unique over all accounts and identities; a root identity has its account's.
    package let number: IdentityNumber
    package let account: AccountID

    /// Unique in the account.
    package let name: String
    package let isRoot: Bool
    package var description: String

    /// Whether it may do anything. A root identity always is.
    package var isEnabled: Bool

    /// `nil` for identities that only have access keys.
    package var password: PasswordDigest?

    /// Sessions and temporary credentials from before this moment are void.
    package var sessionsValidFrom: Timestamp
    package let createdAt: Timestamp

    package init(
        id: String, number: IdentityNumber, account: AccountID, name: String, isRoot: Bool, description: String = "",
        isEnabled: Bool = true, password: PasswordDigest?, sessionsValidFrom: Timestamp = Timestamp(seconds: 0),
        createdAt: Timestamp
    ) {
        self.id = id
        self.number = number
        self.account = account
        self.name = name
        self.isRoot = isRoot
        self.description = description
        self.isEnabled = isEnabled
        self.password = password
        self.sessionsValidFrom = sessionsValidFrom
        self.createdAt = createdAt
    }
}

/// What is kept of a password: its scrypt digest and how that was made.
package struct PasswordDigest: Hashable, Sendable {
    package let salt: [UInt8]
    package let rounds: Int
    package let digest: [UInt8]

    package init(salt: [UInt8], rounds: Int, digest: [UInt8]) {
        self.salt = salt
        self.rounds = rounds
        self.digest = digest
    }
}
