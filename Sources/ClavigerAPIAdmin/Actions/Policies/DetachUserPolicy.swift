import ClavigerCore
import ClavigerIdentity

/// Detaches a policy from a user; nothing changes if it is not attached.
struct DetachUserPolicy: AdminAction {
    private let user: String
    private let policy: String

    init(_ input: AdminInput) throws(KMSError) {
        user = input.segment("user")
        policy = input.segment("policy")
    }

    var resources: [String] { ["user/\(user)", "policy/\(policy)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.detach(policy: policy, fromUser: user, as: call.caller())
        return Done()
    }
}
