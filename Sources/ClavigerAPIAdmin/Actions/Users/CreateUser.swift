import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// Makes a user, who may do nothing until a policy is attached.
struct CreateUser: AdminAction {
    static let body: [Parameter]? = [
        .required("name", .string, "unique in the account; 1 to 64 letters, digits and `+=,.@_-`"),
        .optional("description", .string, "up to 1,000 characters"),
        .optional("password", .string, "8 to 128 characters; a user without one only has access keys"),
    ]

    private let name: String
    private let description: String
    private let password: KeyMaterial?

    init(_ input: AdminInput) throws(KMSError) {
        name = input.body.text("name") ?? ""
        description = input.body.text("description") ?? ""
        password = input.secret("password")
    }

    var resources: [String] { ["user/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> UserAnswer {
        UserAnswer(
            try await call.identities.createUser(
                named: name, description: description, password: password, as: call.caller()))
    }
}
