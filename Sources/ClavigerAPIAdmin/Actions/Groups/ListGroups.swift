import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Lists the account's groups.
struct ListGroups: AdminAction {
    static let query = AdminInput.pageParameters

    private let page: AdminInput.PageRequest

    init(_ input: AdminInput) throws(KMSError) { page = try input.page() }

    func perform(in call: AdminCall) async throws(KMSError) -> PageAnswer<GroupAnswer> {
        PageAnswer(try await call.identities.groups(after: page.after, limit: page.limit, as: call.caller())) {
            GroupAnswer($0)
        }
    }
}
