import ClavigerCore
import ClavigerIdentity

/// Shows the caller's account.
struct GetAccount: PlainAdminAction {
    func perform(in call: AdminCall) async throws(KMSError) -> OwnAccountAnswer {
        OwnAccountAnswer(details: try await call.identities.ownAccount(as: call.caller()))
    }
}
