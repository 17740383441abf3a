import ClavigerCore
import ClavigerIdentity

/// Shows an account of the server, for its operator.
struct DescribeAccount: AdminAction {
    private let account: String

    init(_ input: AdminInput) throws(KMSError) { account = input.segment("account") }

    var resources: [String] { ["account/\(account)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> AccountAnswer {
        AccountAnswer(try await call.identities.account(account, as: call.caller()))
    }
}
