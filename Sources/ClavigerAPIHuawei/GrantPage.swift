import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// An answer that shows some of the grants that there are.
struct GrantPage: HuaweiResponse {
    let grants: [KeyGrant]

    /// How many grants come before these.
    let offset: Int
    let total: Int

    /// The id of the domain that the grants are in.
    let domainID: String

    func encode(to json: inout JSONWriter) {
        json.name("grants")
        json.array(grants) { json, grant in json.object { encode(grant, to: &$0) } }
        PageEnd(offset: offset, count: grants.count, total: total).encode(to: &json)
    }

    private func encode(_ grant: KeyGrant, to json: inout JSONWriter) {
        json.member("key_id", grant.key.description)
        json.member("grant_id", grant.id)
        switch grant.grantee {
        case .identity(let id):
            json.member("grantee_principal", id)
            json.member("grantee_principal_type", "user")
        case .account:
            json.member("grantee_principal", domainID)
            json.member("grantee_principal_type", "domain")
        }
        json.name("operations")
        json.array(grant.operations) { $0.string($1.rawValue) }
        json.member("issuing_principal", grant.issuer)
        json.member("creation_date", grant.createdAt.huaweiMilliseconds)
        json.member("name", grant.name)
        json.member("retiring_principal", grant.retiringIdentity ?? "")
    }
}
