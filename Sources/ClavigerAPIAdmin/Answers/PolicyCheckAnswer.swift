import ClavigerAPI
import ClavigerCore
import ClavigerCrypto
import ClavigerIdentity

/// What a policy that can be stored is.
struct PolicyCheckAnswer: AdminAnswer {
    static let schemaName = "PolicyCheck"
    static let fields: [Parameter] = [
        .required("language", .string, "`tencent`, `alibaba` or `huawei`"),
        .required("statements", .unsigned, "how many it has"),
    ]

    let check: PolicyCheck

    func encode(to json: inout JSONWriter) {
        json.member("language", check.language.rawValue)
        json.member("statements", check.statements)
    }
}
