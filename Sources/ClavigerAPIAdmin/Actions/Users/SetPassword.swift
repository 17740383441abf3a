import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// Gives a user a password, which voids its sessions and temporary credentials.
struct SetPassword: AdminAction {
    static let body: [Parameter]? = [
        .required("password", .string, "8 to 128 characters, and not the user's name"),
        .optional("oldPassword", .string, "the present one; with it users may change their own without a permission"),
    ]

    private let name: String
    private let password: KeyMaterial
    private let oldPassword: KeyMaterial?

    init(_ input: AdminInput) throws(KMSError) {
        name = input.segment("user")
        password = input.secret("password") ?? KeyMaterial([])
        oldPassword = input.secret("oldPassword")
    }

    var resources: [String] { ["user/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.setPassword(password, old: oldPassword, ofUser: name, as: call.caller())
        return Done()
    }
}
