import ClavigerAPI
import ClavigerCore

/// Makes up to a hundred keys usable again, all or none.
struct EnableKeys: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters: [Parameter] = [.required("KeyIds", .list(.string))]

    private let ids: [KeyID]

    init(_ values: ParameterValues) throws(KMSError) { ids = try values.keyIDs() }

    var resources: [KeyID] { ids }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.enable(ids, as: call.caller)
        return EmptyResponse()
    }
}
