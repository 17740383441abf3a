import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Name and number of an identity.
struct UserName: AdminAnswer {
    static let schemaName = "UserName"
    static let fields: [Parameter] = [
        .required("name", .string, "unique in the account"),
        .required("number", .unsigned, "unique on the server"),
        .required("isRoot", .boolean, "whether this is the root identity"),
    ]

    let identity: Identity

    func encode(to json: inout JSONWriter) {
        json.member("name", identity.name)
        json.member("number", identity.number.value)
        json.member("isRoot", identity.isRoot)
    }
}
