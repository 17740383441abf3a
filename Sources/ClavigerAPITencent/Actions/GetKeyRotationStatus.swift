import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Says whether a key rotates by itself.
struct GetKeyRotationStatus: ManagementAction {
    static let parameters: [Parameter] = [.required("KeyId", .string)]

    private let id: KeyID

    init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID() }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> Response {
        Response(isEnabled: try await call.kms.rotationPolicy(of: id, as: call.caller) != nil)
    }

    struct Response: TencentResponse {
        let isEnabled: Bool

        func encode(to json: inout JSONWriter) { json.member("KeyRotationEnabled", isEnabled) }
    }
}
