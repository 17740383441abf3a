import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Makes an account with a root identity, whose secrets are in this answer and nowhere else.
struct CreateAccount: AdminAction {
    static let body: [Parameter]? = [
        .required("name", .string, "unique on the server; 3 to 64 letters, digits, `.`, `_` and `-`"),
        .optional("id", .unsigned, "the account's number, to move an account here; a random one if it is not said"),
    ]

    private let name: String
    private let number: AccountID?

    init(_ input: AdminInput) throws(KMSError) {
        name = input.body.text("name") ?? ""
        number = input.body.number("id").map { AccountID(Int64(clamping: $0)) }
    }

    var resources: [String] { ["account/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> NewAccountAnswer {
        NewAccountAnswer(
            foundation: try await call.identities.createAccount(named: name, number: number, as: call.caller()))
    }
}
