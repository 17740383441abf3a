import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Says whether, how often and since when a key rotates. One that does not, or cannot, has the usual interval.
struct GetKeyRotationStatus: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/get-key-rotation-status")
    static let required: [StaticString] = ["key_id"]

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        let count = try await call.kms.countRotations(of: key, as: call.caller)
        return Response(policy: key.key.rotationPolicy, lastRotation: key.key.lastRotation, count: count)
    }

    struct Response: HuaweiResponse {
        let policy: RotationPolicy?
        let lastRotation: Timestamp?
        let count: Int

        func encode(to json: inout JSONWriter) {
            json.member("key_rotation_enabled", policy != nil)
            json.member("rotation_interval", (policy?.period ?? Key.usualRotationPeriod).wholeDays)
            json.member("last_rotation_time", lastRotation?.huaweiMilliseconds ?? "")
            json.member("number_of_rotations", count)
        }
    }
}
