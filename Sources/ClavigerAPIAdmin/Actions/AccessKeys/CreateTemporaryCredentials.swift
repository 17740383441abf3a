import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Gives an identity credentials that expire, with its own rights.
struct CreateTemporaryCredentials: AdminAction {
    static let body: [Parameter]? = [
        .optional("user", .string, "whom they stand for; the caller if it is not said"),
        .optional("durationSeconds", .unsigned, "900 to 129,600; 3,600 if it is not said"),
    ]

    private let user: String?
    private let lifetime: Duration?

    init(_ input: AdminInput) throws(KMSError) {
        user = input.body.text("user")
        // The service says which durations there are; more than it can be asked with is none of them.
        lifetime = input.body.number("durationSeconds").map { .seconds(Int64(min($0, UInt64(UInt32.max)))) }
    }

    var resources: [String] { user.map { ["user/\($0)"] } ?? [] }

    func perform(in call: AdminCall) async throws(KMSError) -> TemporaryCredentialsAnswer {
        TemporaryCredentialsAnswer(
            credentials: try await call.identities.createTemporaryCredentials(
                forUser: user, lifetime: lifetime, session: call.authenticated().session, as: call.caller()))
    }
}
