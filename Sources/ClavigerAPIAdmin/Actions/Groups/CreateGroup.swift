import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Makes a group of users who get the same policies.
struct CreateGroup: AdminAction {
    static let body: [Parameter]? = [
        .required("name", .string, "unique in the account; 1 to 64 letters, digits and `+=,.@_-`"),
        .optional("description", .string, "up to 1,000 characters"),
    ]

    private let name: String
    private let description: String

    init(_ input: AdminInput) throws(KMSError) {
        name = input.body.text("name") ?? ""
        description = input.body.text("description") ?? ""
    }

    var resources: [String] { ["group/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> GroupAnswer {
        GroupAnswer(try await call.identities.createGroup(named: name, description: description, as: call.caller()))
    }
}
