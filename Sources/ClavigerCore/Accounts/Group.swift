/// Users who get the same policies.
package struct Group: Hashable, Identifiable, Sendable {
    /// Never reused: 32 hexadecimal digits.
    package let id: String
    package let account: AccountID

    /// Unique in the account.
    package let name: String
    package var description: String
    package let createdAt: Timestamp

    package init(id: String, account: AccountID, name: String, description: String, createdAt: Timestamp) {
        self.id = id
        self.account = account
        self.name = name
        self.description = description
        self.createdAt = createdAt
    }
}
