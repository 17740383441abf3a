import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Shows a page of the grants that the caller may give up by himself, oldest first.
struct ListRetirableGrants: ManagementAction {
    typealias Response = GrantPage

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/list-retirable-grants")

    private let offset: Int
    private let limit: Int

    init(_ values: HuaweiValues) throws(KMSError) { (offset, limit) = try values.grantPage() }

    func perform(in call: HuaweiCall) async throws(KMSError) -> GrantPage {
        let (grants, total) = try await call.kms.retirableGrants(offset: offset, limit: limit, as: call.caller)
        return GrantPage(grants: grants, offset: offset, total: total, domainID: call.account.domainID)
    }
}
