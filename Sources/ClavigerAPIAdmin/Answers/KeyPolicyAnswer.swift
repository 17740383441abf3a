import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// A key's own policy.
struct KeyPolicyAnswer: AdminAnswer {
    static let schemaName = "KeyPolicy"
    static let fields: [Parameter] = [
        .required("language", .string, "`tencent`, `alibaba` or `huawei`"),
        .required("document", .string, "the text, in the very words that were sent"),
    ]

    let document: PolicyDocument

    func encode(to json: inout JSONWriter) {
        json.member("language", document.language.rawValue)
        json.member("document", document.text)
    }
}
