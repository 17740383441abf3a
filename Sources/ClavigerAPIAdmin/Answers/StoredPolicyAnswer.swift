import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// A policy.
struct StoredPolicyAnswer: AdminAnswer {
    static let schemaName = "Policy"
    static let fields: [Parameter] =
        PolicySummaryAnswer.fields + [.required("document", .string, "the text, in the very words that were sent")]

    private let policy: StoredPolicy

    init(_ policy: StoredPolicy) { self.policy = policy }

    func encode(to json: inout JSONWriter) {
        PolicySummaryAnswer(policy).encode(to: &json)
        json.member("document", policy.document.text)
    }
}
