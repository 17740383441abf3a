import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Lists the account's projects.
struct ListProjects: AdminAction {
    static let query = AdminInput.pageParameters

    private let page: AdminInput.PageRequest

    init(_ input: AdminInput) throws(KMSError) { page = try input.page() }

    func perform(in call: AdminCall) async throws(KMSError) -> PageAnswer<ProjectAnswer> {
        PageAnswer(try await call.identities.projects(after: page.after, limit: page.limit, as: call.caller())) {
            ProjectAnswer($0)
        }
    }
}
