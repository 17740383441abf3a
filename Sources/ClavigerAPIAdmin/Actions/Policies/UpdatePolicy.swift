import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Replaces a policy's description or document; what it is attached to gets the new rights at once.
struct UpdatePolicy: AdminAction {
    static let body: [Parameter]? = [
        .optional("description", .string, "up to 1,000 characters"),
        AdminInput.optionalDocument,
        AdminInput.language,
    ]

    private let name: String
    private let description: String?
    private let document: String?
    private let language: PolicyLanguage?

    init(_ input: AdminInput) throws(KMSError) {
        name = input.segment("policy")
        description = input.body.text("description")
        document = try input.policyText()
        language = try input.policyLanguage()
    }

    var resources: [String] { ["policy/\(name)"] }

    func perform(in call: AdminCall) async throws(KMSError) -> StoredPolicyAnswer {
        StoredPolicyAnswer(
            try await call.identities.updatePolicy(
                name, description: description, document: document, language: language, as: call.caller()))
    }
}
