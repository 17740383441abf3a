import ClavigerCore
import ClavigerIdentity

/// Takes a user out of a group; nothing changes if it is not in it.
struct RemoveGroupMember: AdminAction {
    private let group: String
    private let user: String

    init(_ input: AdminInput) throws(KMSError) {
        group = input.segment("group")
        user = input.segment("user")
    }

    var resources: [String] { ["group/\(group)", "user/\(user)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.removeMember(user, fromGroup: group, as: call.caller())
        return Done()
    }
}
