import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Enables or disables an account of the server, for its operator.
struct UpdateAccount: AdminAction {
    static let body: [Parameter]? = [
        .required("enabled", .boolean, "whether its identities may do anything; the operator's account always is")
    ]

    private let account: String
    private let isEnabled: Bool

    init(_ input: AdminInput) throws(KMSError) {
        account = input.segment("account")
        isEnabled = input.body.boolean("enabled") ?? false
    }

    var resources: [String] { ["account/\(account)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> AccountAnswer {
        AccountAnswer(try await call.identities.setEnabled(isEnabled, account: account, as: call.caller()))
    }
}
