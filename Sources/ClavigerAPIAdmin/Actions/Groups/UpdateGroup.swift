import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Changes a group's description.
struct UpdateGroup: AdminAction {
    static let body: [Parameter]? = [.required("description", .string, "up to 1,000 characters")]

    private let name: String
    private let description: String

    init(_ input: AdminInput) throws(KMSError) {
        name = input.segment("group")
        description = input.body.text("description") ?? ""
    }

    var resources: [String] { ["group/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> GroupAnswer {
        GroupAnswer(try await call.identities.updateGroup(name, description: description, as: call.caller()))
    }
}
