import ClavigerCore
import ClavigerIdentity

/// Shows how the server fares, for its operator.
struct GetServerStatus: PlainAdminAction {
    func perform(in call: AdminCall) async throws(KMSError) -> ServerStatusAnswer {
        try await call.identities.requireOperator(call.caller())
        return ServerStatusAnswer(
            status: try await call.services.server.status(), now: call.kms.clock.now,
            realms: call.kms.realms.map(\.id.name))
    }
}
