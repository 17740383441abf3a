import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

extension TencentLegacy {
    /// Lets a disabled key end after 7 to 30 days.
    struct ScheduleKeyDeletion: ManagementAction {
        static let parameters: [Parameter] = [
            .required("keyId", .string), .required("pendingWindowInDays", .unsigned),
        ]

        private let id: KeyID
        private let days: Int

        init(_ values: ParameterValues) throws(KMSError) {
            id = try values.keyID("keyId")
            days = try values.pendingWindow("pendingWindowInDays")
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
                json.member("keyId", id.description)
                json.member("deletionDate", deletionDate.seconds)
            }
        }
    }
}
