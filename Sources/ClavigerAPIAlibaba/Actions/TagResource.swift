import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key or a secret tags, all or none; a name that it has already gets the new value.
struct TagResource: ManagementAction {
    typealias Response = EmptyResponse

    static let required: [StaticString] = ["Tags"]

    /// More tags than any dialect lets a key have.
    private static let longestList = 100

    private let resource: TaggedResource
    private let tags: [KeyTag]

    init(_ values: AlibabaValues) throws(KMSError) {
        resource = try TaggedResource(values)
        // A key can have more tags from another dialect, and each can get another value.
        tags = try values.tags("Tags", limit: Self.longestList)
        guard !tags.isEmpty else { throw KMSError(.invalidParameter, "Tags is a list with one tag at least") }
    }

    var resources: [String] { resource.resource.map { [$0] } ?? [] }

    func perform(in call: AlibabaCall) async throws(KMSError) -> EmptyResponse {
        let limit = AlibabaValues.mostTags
        switch resource {
        case .key(let key):
            try await call.kms.addTags(
                tags, to: try call.id(key), limit: limit, gate: TaggedResource.gate, as: call.caller)
        case .secret(let name):
            try await call.secrets.addTags(tags, to: try call.secret(name), limit: limit, as: call.caller)
        }
        return EmptyResponse()
    }
}
