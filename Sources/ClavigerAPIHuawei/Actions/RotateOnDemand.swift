import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Gives a key new material now, whether or not it rotates by itself.
struct RotateOnDemand: KeyManagementAction {
    static let route = HuaweiRoute.post("/v1.0/{project_id}/kms/rotate-on-demand")
    static let required: [StaticString] = ["key_id"]
    static let sparesDefaultKeys = true

    init(_ values: HuaweiValues) throws(KMSError) {}

    func perform(with key: ResidentKey, in call: HuaweiCall) async throws(KMSError) -> Response {
        do throws(KMSError) {
            try await call.kms.rotate(key.key.id, as: call.caller)
        } catch {
            // The core has one code for all keys that cannot rotate by hand.
            guard error.code == .rotationUnsupported, key.key.origin == .external else { throw error }
            throw error.spelled(.externalKeyCannotRotate)
        }
        return Response(id: key.key.id)
    }

    struct Response: HuaweiResponse {
        let id: KeyID

        func encode(to json: inout JSONWriter) { json.member("key_id", id.description) }
    }
}
