import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// An account with its projects.
struct OwnAccountAnswer: AdminAnswer {
    static let schemaName = "OwnAccount"
    static let fields: [Parameter] =
        AccountAnswer.fields + [.required("projects", .list(.object(ProjectAnswer.fields)), "by name")]

    let details: AccountDetails

    func encode(to json: inout JSONWriter) {
        AccountAnswer(details.account).encode(to: &json)
        json.name("projects")
        json.array(details.projects) { json, project in json.object { ProjectAnswer(project).encode(to: &$0) } }
    }
}
