import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Lets a key no longer rotate by itself.
struct DisableKeyRotation: KeyManagementAction {
    typealias Response = EmptyResponse

    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/disable-key-rotation")
    static let required: [StaticString] = ["key_id"]
    static let sparesDefaultKeys = true

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        try call.kms.requireRight(to: key, as: call.caller)
        // Of a key that cannot rotate clients hear why, and not that it does not.
        try key.key.requireFit(for: .enableRotation)
        try call.kms.admit(.disableRotation, on: key, as: call.caller)
        guard key.key.rotationPolicy != nil else { throw KMSError(HuaweiCode.rotationNotEnabled) }
        try await call.kms.disableRotation(of: key.key.id, as: call.caller)
        return Response()
    }
}
