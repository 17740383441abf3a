import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Takes tags from a key or a secret; names that it does not have do not matter.
struct UntagResource: ManagementAction {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["TagKeys"]

    private let resource: TaggedResource
    private let names: [String]

    init(_ values: AlibabaValues) throws(KMSError) {
        resource = try TaggedResource(values)
        names = try values.tagNames("TagKeys")
    }

    var resources: [String] { resource.resource.map { [$0] } ?? [] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        switch resource {
        case .key(let key):
            try await call.kms.removeTags(
                named: names, from: try call.id(key), gate: TaggedResource.gate, as: call.caller)
        case .secret(let name):
            try await call.secrets.removeTags(named: names, from: try call.secret(name), as: call.caller)
        }
        return EmptyResponse()
    }
}
