import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Changes a user's description, enables or disables it.
struct UpdateUser: AdminAction {
    static let body: [Parameter]? = [
        .optional("description", .string, "up to 1,000 characters"),
        .optional("enabled", .boolean, "whether the user may do anything; the root identity always is"),
    ]

    private let name: String
    private let description: String?
    private let isEnabled: Bool?

    init(_ input: AdminInput) throws(KMSError) {
        name = input.segment("user")
        description = input.body.text("description")
        isEnabled = input.body.boolean("enabled")
    }

    var resources: [String] { ["user/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> UserAnswer {
        UserAnswer(
            try await call.identities.updateUser(
                name, description: description, isEnabled: isEnabled, as: call.caller()))
    }
}
