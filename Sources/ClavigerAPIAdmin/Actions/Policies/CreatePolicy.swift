import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Stores a policy, which has no effect until it is attached.
struct CreatePolicy: AdminAction {
    static let body: [Parameter]? = [
        .required("name", .string, "unique in the account; 1 to 64 letters, digits and `+=,.@_-`"),
        .optional("description", .string, "up to 1,000 characters"),
        AdminInput.requiredDocument,
        AdminInput.language,
    ]

    private let name: String
    private let description: String
    private let document: String
    private let language: PolicyLanguage?

    init(_ input: AdminInput) throws(KMSError) {
        name = input.body.text("name") ?? ""
        description = input.body.text("description") ?? ""
        document = try input.policyText() ?? ""
        language = try input.policyLanguage()
    }

    var resources: [String] { ["policy/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> StoredPolicyAnswer {
        StoredPolicyAnswer(
            try await call.identities.createPolicy(
                named: name, description: description, document: document, language: language, as: call.caller()))
    }
}
