import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// A project, Huawei's subdivision of an account within a region.
struct ProjectAnswer: AdminAnswer {
    static let schemaName = "Project"
    static let fields: [Parameter] = [
        .required("id", .string, "unique on the server"),
        .required("name", .string, "unique in the account"),
        .required("region", .string, "the name of its region"),
    ]

    private let project: Project

    init(_ project: Project) { self.project = project }

    func encode(to json: inout JSONWriter) {
        json.member("id", project.id)
        json.member("name", project.name)
        json.member("region", project.realm.name)
    }

    var madeResources: [String] { ["project/\(project.id)"] }
}
