import ClavigerCore
import ClavigerIdentity

/// Deletes a user with its access keys, memberships and attachments.
struct DeleteUser: AdminAction {
    private let name: String

    init(_ input: AdminInput) throws(KMSError) { name = input.segment("user") }

    var resources: [String] { ["user/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.deleteUser(name, as: call.caller())
        return Done()
    }
}
