/// Who is authenticated.
package struct Principal: Hashable, Sendable {
    package let account: AccountID

    /// The id and name of the identity within the account.
    package let identity: String
    package let name: String
    package let isRoot: Bool

    /// The access key that proved it.
    package let accessKeyID: String

    package init(account: AccountID, identity: String, name: String, isRoot: Bool, accessKeyID: String) {
        self.account = account
        self.identity = identity
        self.name = name
        self.isRoot = isRoot
        self.accessKeyID = accessKeyID
    }
}

/// A principal within one request.
package struct Caller: Sendable {
    package let principal: Principal
    package let realm: Realm

    package init(principal: Principal, realm: Realm) {
        self.principal = principal
        self.realm = realm
    }

    /// Where this caller's keys are.
    package var scope: KeyScope { KeyScope(account: principal.account, realm: realm.id) }
}

/// An account's part of a realm: keys and aliases of one are unknown in every other.
package struct KeyScope: Hashable, Sendable {
    package let account: AccountID
    package let realm: RealmID

    package init(account: AccountID, realm: RealmID) {
        self.account = account
        self.realm = realm
    }
}
