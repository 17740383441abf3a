import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Attaches a policy to a group; nothing changes if it is attached already.
struct AttachGroupPolicy: AdminAction {
    static let body: [Parameter]? = []

    private let group: String
    private let policy: String

    init(_ input: AdminInput) throws(KMSError) {
        group = input.segment("group")
        policy = input.segment("policy")
    }

    var resources: [String] { ["group/\(group)", "policy/\(policy)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.attach(policy: policy, toGroup: group, as: call.caller())
        return Done()
    }
}
