/// The number of an account; Tencent's uin.
package struct AccountID: Hashable, Sendable, CustomStringConvertible {
    package let number: Int64
    package init(_ number: Int64) { self.number = number }
    package var description: String { String(number) }
}

/// A customer: owner of keys and identities, isolated from every other account.
package struct Account: Hashable, Identifiable, Sendable {
    package let id: AccountID

    /// The name of the account in Huawei's terms (a domain).
    package let domainName: String

    /// The id of the domain: 32 hexadecimal digits.
    package let domainID: String
    package let createdAt: Timestamp

    package init(id: AccountID, domainName: String, domainID: String, createdAt: Timestamp) {
        self.id = id
        self.domainName = domainName
        self.domainID = domainID
        self.createdAt = createdAt
    }
}

/// Somebody who can prove who they are: the root of an account, who may do everything in it.
package struct Identity: Hashable, Identifiable, Sendable {
    /// Unique over all accounts, never reused: 32 hexadecimal digits.
    package let id: String
    package let account: AccountID
    package let name: String
    package let isRoot: Bool
    package let password: PasswordDigest
    package let createdAt: Timestamp

    package init(
        id: String, account: AccountID, name: String, isRoot: Bool, password: PasswordDigest, createdAt: Timestamp
    ) {
        self.id = id
        self.account = account
        self.name = name
        self.isRoot = isRoot
        self.password = password
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

/// Huawei's subdivision of an account: one in each realm.
package struct Project: Hashable, Sendable {
    /// 32 hexadecimal digits.
    package let id: String
    package let account: AccountID
    package let realm: RealmID

    package init(id: String, account: AccountID, realm: RealmID) {
        self.id = id
        self.account = account
        self.realm = realm
    }
}
