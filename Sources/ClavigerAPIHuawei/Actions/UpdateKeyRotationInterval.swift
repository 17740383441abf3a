import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Changes how often a key rotates by itself: every 30 to 365 days, from now on.
struct UpdateKeyRotationInterval: KeyManagementAction {
    typealias Response = EmptyResponse

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/update-key-rotation-interval")
    static let required: [StaticString] = ["key_id", "rotation_interval"]
    static let sparesDefaultKeys = true

    private let days: Int

    init(_ values: HuaweiValues) throws(KMSError) {
        guard let days = try values.number("rotation_interval", in: Key.rotationDays) else {
            throw KMSError(HuaweiCode.missingParameter)
        }
        self.days = days
    }

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        try await call.kms.changeRotation(of: key.key.id, every: .days(days), as: call.caller)
        return Response()
    }
}
