import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Number and name of an account.
struct AccountName: AdminAnswer {
    static let schemaName = "AccountName"
    static let fields: [Parameter] = [
        .required("id", .unsigned, "the number"),
        .required("name", .string, "the name"),
    ]

    let account: Account

    func encode(to json: inout JSONWriter) {
        json.member("id", account.id.number)
        json.member("name", account.domainName)
    }
}
