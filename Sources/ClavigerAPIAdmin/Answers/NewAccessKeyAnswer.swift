import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// An access key that was made, with its secret.
struct NewAccessKeyAnswer: AdminAnswer {
    static let schemaName = "NewAccessKey"
    static let fields: [Parameter] =
        AccessKeyAnswer.fields + [.required("secret", .string, "what requests are signed with; shown this once")]

    let made: NewAccessKey

    func encode(to json: inout JSONWriter) {
        AccessKeyAnswer(made.accessKey).encode(to: &json)
        json.member("secret", made.secret)
    }

    var madeResources: [String] { ["access-key/\(made.accessKey.id)"] }
}
