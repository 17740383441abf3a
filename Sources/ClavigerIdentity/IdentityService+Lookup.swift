package import ClavigerCore

extension IdentityService {
    /// Whether this is the id of an identity of the account.
    package func isIdentity(_ id: String, of account: AccountID) async throws(KMSError) -> Bool {
        try await store.identity(id)?.account == account
    }
}
