import ClavigerAPI
import ClavigerAudit
import ClavigerCore
import ClavigerIdentity

/// Finds records of the audit log, the newest first. The operator's account sees those of all accounts.
struct SearchAudit: AdminAction {
    static let query: [Parameter] = [
        .optional("key", .string, "one of the record's resources, such as the id of a key"),
        .optional("principal", .string, "the name of the identity, or the id of the access key"),
        .optional("action", .string, "the action's name; with `*` at its end, what it begins with"),
        .optional("outcome", .string, "`ok`, an error code, or `refused` for all but `ok`"),
        .optional("source", .string, "the address that calls came from"),
        .optional("account", .string, "the account's number; for the operator, who sees all if it is not said"),
        .optional("from", .string, "not before this moment, such as `2026-01-31T12:00:00Z`"),
        .optional("to", .string, "before this moment"),
        .optional("limit", .unsigned, "how many items at most: 1 to 1,000, 100 if it is not said"),
        .optional("before", .unsigned, "`next` of the page before"),
    ]

    private let filter: AuditFilter

    init(_ input: AdminInput) throws(KMSError) {
        let query = input.query
        filter = AuditFilter(
            key: query.text("key"), principal: query.text("principal"), account: query.text("account"),
            action: query.text("action"), outcome: query.text("outcome"), source: query.text("source"),
            from: Self.microseconds(try AdminInput.moment("from", in: query)),
            to: Self.microseconds(try AdminInput.moment("to", in: query)),
            limit: try input.limit(), before: query.number("before"))
    }

    private static func microseconds(_ moment: Timestamp?) -> Int64? { moment.map { $0.seconds * 1_000_000 } }

    func perform(in call: AdminCall) async throws(KMSError) -> AuditPage {
        let caller = try call.caller()
        try caller.require(on: .all(.server))
        var filter = filter
        let own = caller.principal.account
        if try await !call.identities.isOperator(own) {
            guard filter.account ?? own.description == own.description else {
                throw caller.refuse()
            }
            filter.account = own.description
        }
        let (search, wanted) = (call.services.audit, filter)
        return AuditPage(
            found: try await call.services.searches.run { () throws(KMSError) in try search.run(wanted) })
    }
}
