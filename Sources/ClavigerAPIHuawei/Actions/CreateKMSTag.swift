import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key a tag; a name that it has already gets the new value (contract, section 7.26).
struct CreateKMSTag: KeyManagementAction {
    typealias Response = NoContent

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/{key_id}/tags")
    static let name = "create-kms-tag"
    static let required: [StaticString] = ["tag"]
    static let keySource = HuaweiKeySource.path

    private let tag: KeyTag

    init(_ values: HuaweiValues) throws(KMSError) { tag = try values.tag() }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> NoContent {
        try await call.kms.addTags([tag], to: key.key.id, limit: HuaweiValues.mostTagsPerKey, as: call.caller)
        return NoContent()
    }
}
