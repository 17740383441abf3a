import ClavigerCore
import ClavigerIdentity

/// Ends the session that this call is made with.
struct EndSession: PlainAdminAction {
    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        guard let session = try call.authenticated().session else {
            throw KMSError(.unsupportedOperation, "this call is signed by an access key and has no session to end")
        }
        try await call.identities.endSession(session)
        return Done()
    }
}
