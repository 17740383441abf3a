import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Attaches a policy to a user; nothing changes if it is attached already.
struct AttachUserPolicy: AdminAction {
    static let body: [Parameter]? = []

    private let user: String
    private let policy: String

    init(_ input: AdminInput) throws(KMSError) {
        user = input.segment("user")
        policy = input.segment("policy")
    }

    var resources: [String] { ["user/\(user)", "policy/\(policy)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.attach(policy: policy, toUser: user, as: call.caller())
        return Done()
    }
}
