import ClavigerCore
import ClavigerIdentity

/// Takes a user's password away, so that only its access keys prove who it is.
struct RemovePassword: AdminAction {
    private let name: String

    init(_ input: AdminInput) throws(KMSError) { name = input.segment("user") }

    var resources: [String] { ["user/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.removePassword(ofUser: name, as: call.caller())
        return Done()
    }
}
