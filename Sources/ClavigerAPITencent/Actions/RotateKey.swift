import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key new material now. The rotation is done when the answer comes.
struct RotateKey: ManagementAction {
    static let parameters: [Parameter] = [.required("KeyId", .string)]

    private let id: KeyID

    init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID() }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> Response {
        Response(version: try await call.kms.rotate(id, as: call.caller))
    }

    struct Response: TencentResponse {
        let version: KeyVersionID

        func encode(to json: inout JSONWriter) {
            // The public service rotates in a task of its own; here the new version stands for the finished task.
            json.member("TaskId", version.description)
        }
    }
}
