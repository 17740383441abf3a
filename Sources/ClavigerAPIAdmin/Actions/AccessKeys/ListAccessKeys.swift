import ClavigerCore
import ClavigerIdentity

/// Lists a user's access keys; without their secrets, which nobody can see again.
struct ListAccessKeys: AdminAction {
    private let user: String

    init(_ input: AdminInput) throws(KMSError) { user = input.segment("user") }

    var resources: [String] { ["user/\(user)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> PageAnswer<AccessKeyAnswer> {
        PageAnswer(try await call.identities.accessKeys(ofUser: user, as: call.caller()).map { AccessKeyAnswer($0) })
    }
}
