/// A policy of an account, which can be attached to its users and groups.
package struct StoredPolicy: Hashable, Identifiable, Sendable {
    /// Never reused: 32 hexadecimal digits.
    package let id: String
    package let account: AccountID

    /// Unique in the account.
    package let name: String
    package var description: String
    package var document: PolicyDocument
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: String, account: AccountID, name: String, description: String, document: PolicyDocument,
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.account = account
        self.name = name
        self.description = description
        self.document = document
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// Whom a policy is attached to, by id.
package enum PolicyHolder: Hashable, Sendable {
    case user(String)
    case group(String)
}
