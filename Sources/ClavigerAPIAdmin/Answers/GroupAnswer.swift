import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// A group.
struct GroupAnswer: AdminAnswer {
    static let schemaName = "Group"
    static let fields: [Parameter] = [
        .required("name", .string, "unique in the account"),
        .required("description", .string, "what somebody wrote"),
        .required("createdAt", .string, "when it was made"),
    ]

    private let group: Group

    init(_ group: Group) { self.group = group }

    func encode(to json: inout JSONWriter) {
        json.member("name", group.name)
        json.member("description", group.description)
        json.member("createdAt", group.createdAt)
    }
}
