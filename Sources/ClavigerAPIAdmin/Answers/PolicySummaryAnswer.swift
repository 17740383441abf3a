import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// A policy without its document.
struct PolicySummaryAnswer: AdminAnswer {
    static let schemaName = "PolicySummary"
    static let fields: [Parameter] = [
        .required("name", .string, "unique in the account"),
        .required("description", .string, "what somebody wrote"),
        .required("language", .string, "`tencent`, `alibaba` or `huawei`"),
        .required("createdAt", .string, "when it was made"),
        .required("updatedAt", .string, "when it was last changed"),
    ]

    private let policy: StoredPolicy

    init(_ policy: StoredPolicy) { self.policy = policy }

    func encode(to json: inout JSONWriter) {
        json.member("name", policy.name)
        json.member("description", policy.description)
        json.member("language", policy.document.language.rawValue)
        json.member("createdAt", policy.createdAt)
        json.member("updatedAt", policy.updatedAt)
    }
}
