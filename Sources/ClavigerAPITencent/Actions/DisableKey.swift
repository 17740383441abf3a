import ClavigerAPI
import ClavigerCore

/// Stops all use of a key until it is enabled again.
struct DisableKey: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters: [Parameter] = [.required("KeyId", .string)]

    private let id: KeyID

    init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID() }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.disable([id], as: call.caller)
        return EmptyResponse()
    }
}
