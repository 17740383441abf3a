import ClavigerAPI
import ClavigerCore
import ClavigerIdentity

/// Says whether a policy could be stored, and what is wrong with it if not.
struct CheckPolicy: AdminAction {
    static let body: [Parameter]? = [
        AdminInput.requiredDocument,
        AdminInput.language,
        .optional(
            "kind", .string, "`identity` for users and groups, the default; or `key`, whose statements have principals"),
    ]

    private let document: String
    private let language: PolicyLanguage?
    private let kind: PolicyKind

    init(_ input: AdminInput) throws(KMSError) {
        document = try input.policyText() ?? ""
        language = try input.policyLanguage()
        switch input.body.text("kind") {
        case nil, "identity": kind = .identity
        case "key": kind = .key
        default: throw KMSError(.invalidParameterValue, "kind is identity or key")
        }
    }

    func perform(in call: AdminCall) async throws(KMSError) -> PolicyCheckAnswer {
        PolicyCheckAnswer(
            check: try await call.identities.checkPolicy(
                document, language: language, kind: kind, as: call.principal()))
    }
}
