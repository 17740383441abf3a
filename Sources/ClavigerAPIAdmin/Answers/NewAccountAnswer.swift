import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// An account that was made, with the secrets of its root identity.
struct NewAccountAnswer: AdminAnswer {
    static let schemaName = "NewAccount"
    static let fields: [Parameter] = [
        .required("account", .object(AccountAnswer.fields), "the account"),
        .required("root", .object(rootFields), "who may do everything in it"),
    ]

    private static let accessKeyFields: [Parameter] = [
        .required("id", .string, "what requests name"),
        .required("secret", .string, "what they are signed with; shown this once"),
    ]
    private static let rootFields: [Parameter] = [
        .required("user", .string, "the root identity's name"),
        .required("password", .string, "shown this once"),
        .required("accessKey", .object(accessKeyFields), "the root identity's first access key"),
    ]

    let foundation: AccountFoundation

    func encode(to json: inout JSONWriter) {
        json.member("account", AccountAnswer(foundation.account))
        json.name("root")
        json.object { json in
            json.member("user", foundation.root.name)
            json.member("password", foundation.password)
            json.name("accessKey")
            json.object { json in
                json.member("id", foundation.accessKey.id)
                json.member("secret", foundation.secret)
            }
        }
    }

    var madeResources: [String] { ["account/\(foundation.account.id)"] }
}
