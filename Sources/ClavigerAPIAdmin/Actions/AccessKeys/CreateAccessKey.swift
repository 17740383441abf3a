import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Gives a user an access key, whose secret is in this answer and nowhere else.
struct CreateAccessKey: AdminAction {
    static let body: [Parameter]? = []

    private let user: String

    init(_ input: AdminInput) throws(KMSError) { user = input.segment("user") }

    var resources: [String] { ["user/\(user)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> NewAccessKeyAnswer {
        NewAccessKeyAnswer(made: try await call.identities.createAccessKey(forUser: user, as: call.caller()))
    }
}
