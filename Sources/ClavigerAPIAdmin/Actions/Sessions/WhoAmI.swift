import ClavigerCore
import ClavigerIdentity

/// Says whom the server takes the caller for.
struct WhoAmI: PlainAdminAction {
    func perform(in call: AdminCall) async throws(KMSError) -> WhoAmIAnswer {
        let authenticated = try call.authenticated()
        let found = try await call.identities.whoAmI(authenticated.principal)
        return WhoAmIAnswer(
            account: found.account, identity: found.identity, accessKeyID: authenticated.principal.accessKeyID,
            expiry: authenticated.expiry)
    }
}
