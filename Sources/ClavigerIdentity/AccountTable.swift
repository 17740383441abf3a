package import ClavigerCore
import Synchronization

/// All accounts that this server knows of, at hand without asking the store.
package final class AccountTable: Sendable {
    private struct State {
        var accounts: [AccountID: Account] = [:]

        // Neither changes, and no account is ever deleted.
        var names: [String: AccountID] = [:]
        var domains: [String: AccountID] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package subscript(id: AccountID) -> Account? { state.withLock { $0.accounts[id] } }

    /// The account of this name; in Huawei's terms that of its domain.
    package func account(named name: String) -> Account? {
        let found = state.withLock { state in state.names[name].flatMap { state.accounts[$0] } }
        return found.flatMap { $0.domainName.utf8.elementsEqual(name.utf8) ? $0 : nil }
    }

    /// The account whose domain has this id.
    package func account(domainID id: String) -> Account? {
        let found = state.withLock { state in state.domains[id].flatMap { state.accounts[$0] } }
        return found.flatMap { $0.domainID.utf8.elementsEqual(id.utf8) ? $0 : nil }
    }

    package var count: Int { state.withLock { $0.accounts.count } }

    package func note(_ account: Account) {
        state.withLock { state in
            state.accounts[account.id] = account
            state.names[account.domainName] = account.id
            state.domains[account.domainID] = account.id
        }
    }

    /// Takes in the accounts of a store.
    package func load(from store: any IdentityStore) async throws(KMSError) {
        for account in try await store.accounts() { note(account) }
    }
}
