import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Seals the server: it forgets the root key and all that the key opened, and refuses calls until it is unsealed.
struct SealServer: PlainAdminAction {
    static let body: [Parameter]? = []

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.identities.requireOperator(call.caller())
        return Done()
    }

    /// A sealed server cannot record that it was sealed, so that comes first.
    func conclude(in call: AdminCall) async { await call.services.server.seal() }
}
