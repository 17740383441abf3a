import ClavigerAPI
import ClavigerCore

/// Gives a key another alias; the old one is free at once.
struct UpdateAlias: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters: [Parameter] = [.required("KeyId", .string), .required("Alias", .string)]

    private let id: KeyID
    private let alias: KeyAlias

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        alias = try values.alias()
    }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.updateAlias(of: id, to: alias, as: call.caller)
        return EmptyResponse()
    }
}
