import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Whom the server takes the caller for.
struct WhoAmIAnswer: AdminAnswer {
    static let schemaName = "WhoAmI"
    static let fields: [Parameter] = [
        .required("account", .object(AccountName.fields), "whose account"),
        .required("user", .object(UserName.fields), "who"),
        .optional("accessKeyId", .string, "the access key that signed the call; absent in sessions"),
        .optional("expiresAt", .string, "when session or temporary credentials become void; absent for access keys"),
    ]

    let account: Account
    let identity: Identity

    /// Empty for a session.
    let accessKeyID: String
    let expiry: Timestamp?

    func encode(to json: inout JSONWriter) {
        json.member("account", AccountName(account: account))
        json.member("user", UserName(identity: identity))
        if !accessKeyID.isEmpty { json.member("accessKeyId", accessKeyID) }
        if let expiry { json.member("expiresAt", expiry) }
    }
}
