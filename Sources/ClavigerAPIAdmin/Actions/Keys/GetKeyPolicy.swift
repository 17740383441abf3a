import ClavigerAPI
import ClavigerCore

/// Shows a key's own policy in the words in which it was stored.
struct GetKeyPolicy: AdminAction {
    static let query = AdminInput.regionParameters

    private let id: KeyID
    private let region: String?

    init(_ input: AdminInput) throws(KMSError) {
        id = try input.keyID()
        region = input.query.text("region")
    }

    var resources: [String] { [id.description] }

    func perform(in call: AdminCall) async throws(KMSError) -> KeyPolicyAnswer {
        guard let policy = try await call.kms.policy(of: id, as: call.caller(in: region)) else {
            throw KMSError(.policyNotFound, "the key \(id) has no policy of its own")
        }
        return KeyPolicyAnswer(document: policy)
    }
}
