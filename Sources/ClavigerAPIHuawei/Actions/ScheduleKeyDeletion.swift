import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lets a key end after 7 to 1096 days (contract, section 7.4).
struct ScheduleKeyDeletion: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/schedule-key-deletion")
    static let required: [StaticString] = ["key_id", "pending_days"]
    static let sparesDefaultKeys = true
    static let stateCode: HuaweiCode? = .alreadyPendingDeletion

    private static let pendingDays = 7...1096

    private let days: Int

    init(_ values: HuaweiValues) throws(KMSError) {
        days =
            try values.number("pending_days", in: Self.pendingDays, else: .invalidPendingDays)
            ?? Self.pendingDays.lowerBound
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        _ = try await call.kms.scheduleDeletion(
            of: key.key.id, after: .days(days), gate: .anyUsableState, as: call.caller)
        return Response(change: KeyStateChange(id: key.key.id, state: .pendingDeletion))
    }

    /// Unlike others, this answer has no `key_info` around it.
    struct Response: HuaweiResponse {
        let change: KeyStateChange

        func encode(to json: inout JSONWriter) { change.encode(to: &json) }
    }
}
