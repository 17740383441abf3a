import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Lists the account's policies, without their documents.
struct ListPolicies: AdminAction {
    static let query = AdminInput.pageParameters

    private let page: AdminInput.PageRequest

    init(_ input: AdminInput) throws(KMSError) { page = try input.page() }

    func perform(in call: AdminCall) async throws(KMSError) -> PageAnswer<PolicySummaryAnswer> {
        PageAnswer(try await call.identities.policies(after: page.after, limit: page.limit, as: call.caller())) {
            PolicySummaryAnswer($0)
        }
    }
}
