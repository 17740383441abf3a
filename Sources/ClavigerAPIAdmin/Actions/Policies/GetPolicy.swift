import ClavigerCore
import ClavigerIdentity

/// Shows a policy in the words in which it was stored, and whom it is attached to.
struct GetPolicy: AdminAction {
    private let name: String

    init(_ input: AdminInput) throws(KMSError) { name = input.segment("policy") }

    var resources: [String] { ["policy/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> PolicyDetailsAnswer {
        PolicyDetailsAnswer(details: try await call.identities.policy(name, as: call.caller()))
    }
}
