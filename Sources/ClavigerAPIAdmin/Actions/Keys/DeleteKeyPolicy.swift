import ClavigerAPI
import ClavigerCore

/// Takes a key's own policy away.
struct DeleteKeyPolicy: AdminAction {
    static let query = AdminInput.regionParameters

    private let id: KeyID
    private let region: String?

    init(_ input: AdminInput) throws(KMSError) {
        id = try input.keyID()
        region = input.query.text("region")
    }

    var resources: [String] { [id.description] }

    func perform(in call: AdminCall) async throws(KMSError) -> Done {
        try await call.kms.setPolicy(nil, of: id, as: call.caller(in: region))
        return Done()
    }
}
