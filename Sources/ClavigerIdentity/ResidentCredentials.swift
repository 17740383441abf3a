import ClavigerCore

/// What a ``CredentialDirectory`` has at hand, and since when it is good.
///
/// Changes are counted over all accounts. Whoever reads from the store takes the count as a mark before it begins; what it read is taken in only if no
/// change of that account came since.
struct ResidentCredentials: Sendable {
    private struct Resident {
        /// Ids of what is at hand.
        var credentials: Set<String> = []
        var identities: Set<String> = []

        /// The count after the account's last change.
        var lastChange: UInt64 = 0
    }

    let capacity: Int
    private(set) var credentials: [String: Credential] = [:]

    /// By the identity's id.
    private(set) var identities: [String: ResidentIdentity] = [:]
    private var accounts: [AccountID: Resident] = [:]

    /// How many changes there were.
    private(set) var mark: UInt64 = 0

    /// The count after the last change of everything.
    private var lastChange: UInt64 = 0

    /// - Parameter capacity: how many credentials are kept; beyond it any gives way.
    init(capacity: Int) { self.capacity = capacity }

    /// - Returns: the credential that had to give way, with its id.
    mutating func insert(
        _ credential: Credential, id: String, readAt mark: UInt64
    ) -> (id: String, credential: Credential)? {
        let account = credential.principal.account
        guard isCurrent(mark, account) else { return nil }
        var forgotten: (id: String, credential: Credential)?
        if credentials.count >= capacity, let first = credentials.first {
            forgotten = (first.key, first.value)
            removeCredential(first.key)
        }
        credentials[id] = credential
        accounts[account, default: Resident()].credentials.insert(id)
        return forgotten
    }

    mutating func insert(_ identity: ResidentIdentity, readAt mark: UInt64) {
        guard isCurrent(mark, identity.account) else { return }
        if identities.count >= capacity, let first = identities.first {
            identities[first.key] = nil
            accounts[first.value.account]?.identities.remove(first.key)
        }
        identities[identity.id] = identity
        accounts[identity.account, default: Resident()].identities.insert(identity.id)
    }

    mutating func removeCredential(_ id: String) {
        guard let credential = credentials.removeValue(forKey: id) else { return }
        accounts[credential.principal.account]?.credentials.remove(id)
    }

    /// Forgets what belongs to the account, after a change of it.
    ///
    /// - Returns: the credentials that were at hand.
    mutating func remove(_ account: AccountID) -> [String: Credential] {
        mark += 1
        let resident = accounts.removeValue(forKey: account) ?? Resident()
        accounts[account] = Resident(lastChange: mark)
        var forgotten: [String: Credential] = [:]
        for id in resident.credentials { forgotten[id] = credentials.removeValue(forKey: id) }
        for id in resident.identities { identities[id] = nil }
        return forgotten
    }

    /// Forgets everything.
    ///
    /// - Returns: the credentials that were at hand.
    mutating func removeAll() -> [String: Credential] {
        mark += 1
        lastChange = mark
        defer {
            credentials = [:]
            identities = [:]
            accounts = [:]
        }
        return credentials
    }

    private func isCurrent(_ mark: UInt64, _ account: AccountID) -> Bool {
        mark >= lastChange && mark >= accounts[account]?.lastChange ?? 0
    }
}
