import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// A group with its members and policies.
struct GroupDetailsAnswer: AdminAnswer {
    static let schemaName = "GroupDetails"
    static let fields: [Parameter] =
        GroupAnswer.fields + [
            .required("members", .list(.string), "names of its users"),
            .required("policies", .list(.string), "names of the policies that are attached to it"),
        ]

    let details: GroupDetails

    func encode(to json: inout JSONWriter) {
        GroupAnswer(details.group).encode(to: &json)
        json.member("members", details.members.map(\.name))
        json.member("policies", details.policies.map(\.name))
    }
}
