import ClavigerAPI
import ClavigerCore

/// Gives a key another description.
struct UpdateKeyDescription: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters: [Parameter] = [.required("KeyId", .string), .required("Description", .string)]

    private let id: KeyID
    private let description: String

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        description = try values.description()
    }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.updateDescription(of: id, to: description, as: call.caller)
        return EmptyResponse()
    }
}
