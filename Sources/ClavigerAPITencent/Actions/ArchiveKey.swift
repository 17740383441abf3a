import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// Stops encryption under a key; decryption goes on.
struct ArchiveKey: ManagementAction {
    typealias Response = EmptyResponse

    static let parameters: [Parameter] = [.required("KeyId", .string)]

    private let id: KeyID

    init(_ values: ParameterValues) throws(KMSError) { id = try values.keyID() }

    var resources: [KeyID] { [id] }

    func perform(in call: Call) async throws(KMSError) -> EmptyResponse {
        try await call.kms.archive(id, as: call.caller)
        return EmptyResponse()
    }
}
