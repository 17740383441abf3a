import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Records that a resource of a cloud product relies on a key.
struct BindCloudResource: ManagementAction {
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
        try await call.kms.bind(resource, to: id, as: call.caller)
        return EmptyResponse()
    }
}
