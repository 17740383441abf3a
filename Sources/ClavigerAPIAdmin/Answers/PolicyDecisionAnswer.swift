import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// What policies say of a call.
struct PolicyDecisionAnswer: AdminAnswer {
    static let schemaName = "PolicyDecision"
    static let fields: [Parameter] = [
        .required("allowed", .boolean, "whether the user may do it"),
        .required("decision", .string, "`root`, `allowed`, `denied` by a statement, or `notAllowed` by any"),
        .required("permission", .string, "what the action means in the words of this server"),
        .optional("policy", .string, "the policy that decides"),
        .optional("statement", .unsigned, "the number of its statement that decides, from 1"),
    ]

    let answer: PolicyAnswer

    func encode(to json: inout JSONWriter) {
        json.member("allowed", answer.decision.allows)
        json.member("decision", answer.decision.word)
        json.member("permission", answer.permission.name)
        if let label = answer.decision.statement {
            json.member("policy", label.policy)
            json.member("statement", label.number)
        }
    }
}
