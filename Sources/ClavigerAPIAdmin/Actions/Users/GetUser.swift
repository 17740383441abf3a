import ClavigerCore
import ClavigerIdentity

/// Shows a user with all that belongs to it.
struct GetUser: AdminAction {
    private let name: String

    init(_ input: AdminInput) throws(KMSError) { name = input.segment("user") }

    var resources: [String] { ["user/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> UserDetailsAnswer {
        UserDetailsAnswer(details: try await call.identities.user(name, as: call.caller()))
    }
}
