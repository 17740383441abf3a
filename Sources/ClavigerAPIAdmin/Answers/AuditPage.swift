import ClavigerAPI
import ClavigerAudit
import ClavigerCrypto

/// Records of the audit log.
struct AuditPage: AdminAnswer {
    static let schemaName = "AuditPage"
    static let fields: [Parameter] = [
        .required(
            "items", .list(.any),
            "records as they are in the log, whose format docs/audit-format.md tells; the newest first"),
        .optional("next", .unsigned, "what to ask for as `before` to see older ones; absent if there are none"),
    ]

    let found: AuditSearchResult

    func encode(to json: inout JSONWriter) {
        json.name("items")
        json.array(found.records) { $0.raw(Array($1.utf8)) }
        if let next = found.next { json.member("next", next) }
    }
}
