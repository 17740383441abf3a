package import ClavigerCore
import Synchronization

/// All accounts that this server knows of, at hand without asking the store.
package final class AccountTable: Sendable {
    private let accounts = Mutex<[AccountID: Account]>([:])

    package init() {}

    package subscript(id: AccountID) -> Account? { accounts.withLock { $0[id] } }

    package var count: Int { accounts.withLock { $0.count } }

    package func note(_ account: Account) { accounts.withLock { $0[account.id] = account } }

    /// Takes in the accounts of a store.
    package func load(from store: any IdentityStore) async throws(KMSError) {
        for account in try await store.accounts() { note(account) }
    }
}
