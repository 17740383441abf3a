import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Makes one more project in a region, as Huawei's dialect has them.
struct CreateProject: AdminAction {
    static let body: [Parameter]? = [
        .required("region", .string, "any name of the region, in whichever dialect"),
        .required("name", .string, "unique in the account: the region's name for Huawei, `_` and a word"),
    ]

    private let region: String
    private let name: String

    init(_ input: AdminInput) throws(KMSError) {
        region = input.body.text("region") ?? ""
        name = input.body.text("name") ?? ""
    }

    var resources: [String] { ["project/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> ProjectAnswer {
        ProjectAnswer(try await call.identities.createProject(named: name, region: region, as: call.caller()))
    }
}
