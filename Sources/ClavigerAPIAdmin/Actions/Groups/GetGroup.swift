import ClavigerCore
import ClavigerIdentity

/// Shows a group with its members and policies.
struct GetGroup: AdminAction {
    private let name: String

    init(_ input: AdminInput) throws(KMSError) { name = input.segment("group") }

    var resources: [String] { ["group/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> GroupDetailsAnswer {
        GroupDetailsAnswer(details: try await call.identities.group(name, as: call.caller()))
    }
}
