import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// A policy, and whom it is attached to.
struct PolicyDetailsAnswer: AdminAnswer {
    static let schemaName = "PolicyDetails"
    static let fields: [Parameter] =
        StoredPolicyAnswer.fields + [
            .required("users", .list(.string), "names of the users that it is attached to"),
            .required("groups", .list(.string), "names of the groups that it is attached to"),
        ]

    let details: PolicyDetails

    func encode(to json: inout JSONWriter) {
        StoredPolicyAnswer(details.policy).encode(to: &json)
        json.member("users", details.users.map(\.name))
        json.member("groups", details.groups.map(\.name))
    }
}
