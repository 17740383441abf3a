import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lets a key rotate by itself: every 365 days, since the reference says no number, until ``UpdateKeyRotationInterval`` says another. A key that
/// rotates already stays as it is.
struct EnableKeyRotation: KeyManagementAction {
    typealias Response = EmptyResponse

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/enable-key-rotation")
    static let required: [StaticString] = ["key_id"]
    static let sparesDefaultKeys = true

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        guard key.key.rotationPolicy == nil else {
            try call.kms.admit(.enableRotation, on: key, as: call.caller)
            return Response()
        }
        try await call.kms.enableRotation(of: key.key.id, every: Key.usualRotationPeriod, as: call.caller)
        return Response()
    }
}
