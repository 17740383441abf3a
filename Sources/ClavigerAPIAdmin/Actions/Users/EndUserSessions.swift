import ClavigerCore
import ClavigerIdentity

/// Voids all sessions and temporary credentials of a user.
struct EndUserSessions: AdminAction {
    private let name: String

    init(_ input: AdminInput) throws(KMSError) { name = input.segment("user") }

    var resources: [String] { ["user/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.endSessions(ofUser: name, as: call.caller())
        return Done()
    }
}
