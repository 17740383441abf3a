import ClavigerCore
import ClavigerIdentity

/// Detaches a policy from a group; nothing changes if it is not attached.
struct DetachGroupPolicy: AdminAction {
    private let group: String
    private let policy: String

    init(_ input: AdminInput) throws(KMSError) {
        group = input.segment("group")
        policy = input.segment("policy")
    }

    var resources: [String] { ["group/\(group)", "policy/\(policy)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.detach(policy: policy, fromGroup: group, as: call.caller())
        return Done()
    }
}
