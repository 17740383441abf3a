import ClavigerCore
import ClavigerIdentity

/// Deletes a project; the keys of its region stay.
struct DeleteProject: AdminAction {
    private let id: String

    init(_ input: AdminInput) throws(KMSError) { id = input.segment("id") }

    var resources: [String] { ["project/\(id)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.deleteProject(id, as: call.caller())
        return Done()
    }
}
