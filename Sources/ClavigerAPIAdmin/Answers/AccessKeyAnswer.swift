import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// An access key without its secret.
struct AccessKeyAnswer: AdminAnswer {
    static let schemaName = "AccessKey"
    static let fields: [Parameter] = [
        .required("id", .string, "what requests name"),
        .required("enabled", .boolean, "whether it signs requests"),
        .required("createdAt", .string, "when it was made"),
        .optional("lastUsedAt", .string, "when it last signed a request, to the minute; absent if it never did"),
    ]

    private let accessKey: AccessKey

    init(_ accessKey: AccessKey) { self.accessKey = accessKey }

    func encode(to json: inout JSONWriter) {
        json.member("id", accessKey.id)
        json.member("enabled", accessKey.isEnabled)
        json.member("createdAt", accessKey.createdAt)
        if let moment = accessKey.lastUsedAt { json.member("lastUsedAt", moment) }
    }
}
