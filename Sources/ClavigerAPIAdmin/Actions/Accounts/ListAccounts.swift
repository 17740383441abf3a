import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Lists the accounts of the server, for its operator.
struct ListAccounts: AdminAction {
    static let query = AdminInput.pageParameters

    private let page: AdminInput.PageRequest

    init(_ input: AdminInput) throws(KMSError) { page = try input.page() }

    func perform(in call: AdminCall) async throws(KMSError) -> PageAnswer<AccountAnswer> {
        PageAnswer(try await call.identities.accounts(after: page.after, limit: page.limit, as: call.caller())) {
            AccountAnswer($0)
        }
    }
}
