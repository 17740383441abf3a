import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// A user, or the root identity.
struct UserAnswer: AdminAnswer {
    static let schemaName = "User"
    static let fields: [Parameter] = [
        .required("name", .string, "unique in the account"),
        .required("number", .unsigned, "unique on the server; in Tencent's dialect the uin"),
        .required("id", .string, "never reused; Huawei's clients name users by it"),
        .required("description", .string, "what somebody wrote"),
        .required("enabled", .boolean, "whether the user may do anything"),
        .required("isRoot", .boolean, "whether this is the root identity, which may do everything in the account"),
        .required("hasPassword", .boolean, "whether a session can be opened by a password"),
        .required("createdAt", .string, "when it was made"),
    ]

    private let identity: Identity

    init(_ identity: Identity) { self.identity = identity }

    func encode(to json: inout JSONWriter) {
        json.member("name", identity.name)
        json.member("number", identity.number.value)
        json.member("id", identity.id)
        json.member("description", identity.description)
        json.member("enabled", identity.isEnabled)
        json.member("isRoot", identity.isRoot)
        json.member("hasPassword", identity.password != nil)
        json.member("createdAt", identity.createdAt)
    }
}
