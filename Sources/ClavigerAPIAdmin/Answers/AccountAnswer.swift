import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// An account.
struct AccountAnswer: AdminAnswer {
    static let schemaName = "Account"
    static let fields: [Parameter] = [
        .required("id", .unsigned, "the number: in Tencent's dialect the uin"),
        .required("appId", .unsigned, "Tencent's second number"),
        .required("name", .string, "unique on the server; in Huawei's dialect the domain's name"),
        .required("domainId", .string, "in Huawei's dialect the domain's id"),
        .required("enabled", .boolean, "whether its identities may do anything"),
        .required("createdAt", .string, "when it was made"),
    ]

    private let account: Account

    init(_ account: Account) { self.account = account }

    func encode(to json: inout JSONWriter) {
        json.member("id", account.id.number)
        json.member("appId", account.appID)
        json.member("name", account.domainName)
        json.member("domainId", account.domainID)
        json.member("enabled", account.isEnabled)
        json.member("createdAt", account.createdAt)
    }
}
