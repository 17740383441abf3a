import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lets a disabled key end after 7 to 30 days.
struct ScheduleKeyDeletion: ManagementAction {
    static let parameters: [Parameter] = [.required("KeyId", .string), .required("PendingWindowInDays", .unsigned)]

    private let id: KeyID
    private let days: Int

    init(_ values: ParameterValues) throws(KMSError) {
        id = try values.keyID()
        days = try values.pendingWindow("PendingWindowInDays")
    }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> Response {
        let date = try await call.kms.scheduleDeletion(
            of: id, after: .days(days), gate: .disabledFirst, as: call.caller)
        return Response(id: id, deletionDate: date)
    }

    struct Response: TencentResponse {
        let id: KeyID
        let deletionDate: Timestamp

        func encode(to json: inout JSONWriter) {
            json.member("KeyId", id.description)
            json.member("DeletionDate", deletionDate.seconds)
        }
    }
}
