import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// A user with all that belongs to it.
struct UserDetailsAnswer: AdminAnswer {
    static let schemaName = "UserDetails"
    static let fields: [Parameter] =
        UserAnswer.fields + [
            .required("groups", .list(.string), "names of the groups that the user is in"),
            .required("policies", .list(.string), "names of the policies that are attached to the user itself"),
            .required("accessKeys", .list(.object(AccessKeyAnswer.fields)), "oldest first"),
        ]

    let details: UserDetails

    func encode(to json: inout JSONWriter) {
        UserAnswer(details.identity).encode(to: &json)
        json.member("groups", details.groups.map(\.name))
        json.member("policies", details.policies.map(\.name))
        json.name("accessKeys")
        json.array(details.accessKeys) { json, key in json.object { AccessKeyAnswer(key).encode(to: &$0) } }
    }
}
