import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Ends what BindCloudResource began.
struct UnbindCloudResource: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters = ResourceBinding.parameters

    private let id: KeyID
    private let resource: ResourceBinding

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        resource = try ResourceBinding(values)
    }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.unbind(resource, from: id, as: call.caller)
        return EmptyResponse()
    }
}
