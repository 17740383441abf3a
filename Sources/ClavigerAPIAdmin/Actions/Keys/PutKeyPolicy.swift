import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Gives a key a policy of its own, which then allows and denies beside those of users and groups.
struct PutKeyPolicy: AdminAction {
    static let query = AdminInput.regionParameters
    static let body: [Parameter]? = [AdminInput.requiredDocument, AdminInput.language]

    private let id: KeyID
    private let region: String?
    private let document: String
    private let language: PolicyLanguage?

    init(_ input: AdminInput) throws(KMSError) {
        id = try input.keyID()
        region = input.query.text("region")
        document = try input.policyText() ?? ""
        language = try input.policyLanguage()
    }

    var resources: [String] { [id.description] }

    func perform(in call: AdminCall) async throws(KMSError) -> KeyPolicyAnswer {
        let caller = try call.caller(in: region)
        let policy = try await call.identities.keyPolicy(document, language: language, as: caller.principal)
        try await call.kms.setPolicy(policy, of: id, as: caller)
        return KeyPolicyAnswer(document: policy)
    }
}
