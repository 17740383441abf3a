import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Puts a user into a group; nothing changes if it is in it already.
struct AddGroupMember: AdminAction {
    static let body: [Parameter]? = []

    private let group: String
    private let user: String

    init(_ input: AdminInput) throws(KMSError) {
        group = input.segment("group")
        user = input.segment("user")
    }

    var resources: [String] { ["group/\(group)", "user/\(user)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.addMember(user, toGroup: group, as: call.caller())
        return Done()
    }
}
