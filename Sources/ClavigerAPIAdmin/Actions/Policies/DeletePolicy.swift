import ClavigerCore
import ClavigerIdentity

/// Deletes a policy that is not attached.
struct DeletePolicy: AdminAction {
    private let name: String

    init(_ input: AdminInput) throws(KMSError) { name = input.segment("policy") }

    var resources: [String] { ["policy/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.deletePolicy(name, as: call.caller())
        return Done()
    }
}
