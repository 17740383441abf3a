import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Lists the account's users, its root identity among them.
struct ListUsers: AdminAction {
    static let query = AdminInput.pageParameters

    private let page: AdminInput.PageRequest

    init(_ input: AdminInput) throws(KMSError) { page = try input.page() }

    func perform(in call: AdminCall) async throws(KMSError) -> PageAnswer<UserAnswer> {
        PageAnswer(try await call.identities.users(after: page.after, limit: page.limit, as: call.caller())) {
            UserAnswer($0)
        }
    }
}
