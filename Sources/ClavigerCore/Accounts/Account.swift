/// The number of an account; Tencent's uin, Alibaba's account id.
package struct AccountID: Hashable, Sendable, CustomStringConvertible {
    package let number: Int64
    package init(_ number: Int64) { self.number = number }
    package var description: String { String(number) }
}

/// A customer: owner of keys and identities, isolated from every other account.
package struct Account: Hashable, Identifiable, Sendable {
    package let id: AccountID

    /// Tencent's second number of an account.
    package let appID: Int64

    /// The name of the account, unique; in Huawei's terms the name of its domain.
    package let domainName: String

    /// The id of the domain: 32 hexadecimal digits.
    package let domainID: String

    /// Whether its identities may do anything.
    package var isEnabled: Bool
    package let createdAt: Timestamp

    package init(
        id: AccountID, appID: Int64, domainName: String, domainID: String, isEnabled: Bool = true, createdAt: Timestamp
    ) {
        self.id = id
        self.appID = appID
        self.domainName = domainName
        self.domainID = domainID
        self.isEnabled = isEnabled
        self.createdAt = createdAt
    }
}

/// Huawei's subdivision of an account within a realm; a realm can have several.
package struct Project: Hashable, Sendable {
    /// 32 hexadecimal digits.
    package let id: String
    package let account: AccountID
    package let realm: RealmID

    /// Unique in the account: the realm's name in Huawei's dialect, or that name, `_` and a word.
    package let name: String

    package init(id: String, account: AccountID, realm: RealmID, name: String) {
        self.id = id
        self.account = account
        self.realm = realm
        self.name = name
    }
}
