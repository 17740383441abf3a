import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// A session that was opened.
struct OpenedSessionAnswer: AdminAnswer {
    static let schemaName = "Session"
    static let fields: [Parameter] = [
        .required("token", .string, "what goes into the header `Authorization: Bearer`"),
        .required("expiresAt", .string, "when the session ends by itself"),
        .required("account", .object(AccountName.fields), "whose account"),
        .required("user", .object(UserName.fields), "who"),
    ]

    let session: OpenedSession

    func encode(to json: inout JSONWriter) {
        json.member("token", session.token)
        json.member("expiresAt", session.expiry)
        json.member("account", AccountName(account: session.account))
        json.member("user", UserName(identity: session.identity))
    }

    var principal: Principal? { session.principal }
}
