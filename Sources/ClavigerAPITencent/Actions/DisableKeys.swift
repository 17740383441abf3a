import ClavigerAPI
import ClavigerCore

/// Stops all use of up to a hundred keys, all or none.
struct DisableKeys: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters: [Parameter] = [.required("KeyIds", .list(.string))]

    private let ids: [KeyID]

    init(_ values: ParameterValues) throws(KMSError) { ids = try values.keyIDs() }

    var resources: [KeyID] { ids }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.disable(ids, as: call.caller)
        return EmptyResponse()
    }
}
