import ClavigerAPI
import ClavigerCore
import ClavigerCrypto

/// How the server fares.
struct ServerStatusAnswer: AdminAnswer {
    static let schemaName = "ServerStatus"
    static let fields: [Parameter] = [
        .required("sealed", .boolean, "always false: a sealed server answers nothing here"),
        .required("version", .string, "the program's version"),
        .required("uptimeSeconds", .unsigned, "since the start"),
        .required("realms", .list(.string), "the regions, by the names of this server"),
        .required("accounts", .unsigned, "how many there are"),
        .required("store", .object(storeFields), "where accounts and keys rest"),
        .required("audit", .object(auditFields), "the audit log"),
    ]

    private static let storeFields: [Parameter] = [.required("healthy", .boolean, "whether it works")]
    private static let auditFields: [Parameter] = [
        .required("healthy", .boolean, "whether calls can be recorded"),
        .optional("lastSequence", .unsigned, "the number of the last record"),
    ]

    let status: AdminServerStatus
    let now: Timestamp
    let realms: [String]

    func encode(to json: inout JSONWriter) {
        json.member("sealed", false)
        json.member("version", status.version)
        json.member("uptimeSeconds", max(0, now.seconds - status.startedAt.seconds))
        json.member("realms", realms)
        json.member("accounts", status.accounts)
        json.name("store")
        json.object { $0.member("healthy", status.storeWorks) }
        json.name("audit")
        json.object { json in
            json.member("healthy", status.auditIsHealthy)
            if let sequence = status.auditLastSequence { json.member("lastSequence", sequence) }
        }
    }
}
