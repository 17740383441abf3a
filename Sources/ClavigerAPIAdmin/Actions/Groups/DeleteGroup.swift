import ClavigerCore
import ClavigerIdentity

/// Deletes a group with its memberships and attachments; its users stay.
struct DeleteGroup: AdminAction {
    private let name: String

    init(_ input: AdminInput) throws(KMSError) { name = input.segment("group") }

    var resources: [String] { ["group/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.deleteGroup(name, as: call.caller())
        return Done()
    }
}
