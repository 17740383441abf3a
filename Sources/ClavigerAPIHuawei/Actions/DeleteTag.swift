import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Takes a tag away from a key (contract, section 7.27).
struct DeleteTag: KeyManagementAction {
    typealias Response = NoContent

    static let route = HuaweiRoute.delete("/v1.0/{project_id}/kms/{key_id}/tags/{key}")
    static let name = "delete-tag"
    static let keySource = HuaweiKeySource.path

    private let tagName: String

    init(_ values: HuaweiValues) throws(KMSError) { tagName = values.parameter("key") ?? "" }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> NoContent {
        guard try await call.kms.removeTags(named: [tagName], from: key.key.id, as: call.caller) else {
            throw KMSError(HuaweiCode.absentTag, "key \(key.key.id) has no such tag")
        }
        return NoContent()
    }
}
