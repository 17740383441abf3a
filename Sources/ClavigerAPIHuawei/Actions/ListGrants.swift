import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Shows a page of a key's grants, oldest first.
struct ListGrants: KeyDataPlaneAction {
    typealias Response = GrantPage

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/list-grants")
    static let required: [StaticString] = ["key_id"]

    private let offset: Int
    private let limit: Int

    init(_ values: HuaweiValues) throws(KMSError) { (offset, limit) = try values.grantPage() }

    func perform(with key: ResidentKey, in call: HuaweiCall) throws(KMSError) -> GrantPage {
        let grants = try call.kms.grants(on: key, as: call.caller)
        return GrantPage(
            grants: Array(grants.dropFirst(offset).prefix(limit)), offset: offset, total: grants.count,
            domainID: call.account.domainID)
    }
}
