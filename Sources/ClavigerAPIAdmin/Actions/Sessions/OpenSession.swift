import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// Signs a user in by a password.
struct OpenSession: AdminAction {
    static let body: [Parameter]? = [
        .optional("account", .string, "the account's name or number; the operator's if it is not said"),
        .required("user", .string, "the user's name"),
        .required("password", .string, "the user's password"),
    ]

    private let account: String?
    private let user: String
    private let password: KeyMaterial

    init(_ input: AdminInput) throws(KMSError) {
        account = input.body.text("account")
        user = input.body.text("user") ?? ""
        password = input.secret("password") ?? KeyMaterial([])
    }

    /// Only names that exist: who mistakes one field for another sends a password as a name.
    func resources(in call: AdminCall) async -> [String] {
        guard let account = try? await call.identities.accountMeant(by: account) else { return [] }
        let identity = try? await call.services.store.identity(named: user, in: account.id)
        return ["account/\(account.domainName)"] + (identity.map { ["user/\($0.name)"] } ?? [])
    }

    func account(in call: AdminCall) async -> AccountID? { try? await call.identities.accountMeant(by: account)?.id }

    func perform(in call: AdminCall) async throws(KMSError) -> OpenedSessionAnswer {
        OpenedSessionAnswer(
            session: try await call.identities.openSession(account: account, user: user, password: password))
    }
}
