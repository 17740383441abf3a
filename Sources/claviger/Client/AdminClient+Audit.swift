import ClavigerAudit
import ClavigerCrypto

extension AdminClient {
    /// Finds records of the server's audit log, as many as the filter's limit.
    ///
    /// - Returns: the records' lines, the newest first; and the filter's `before` for those that come next, `nil` if there are none.
    func auditRecords(_ filter: AuditFilter) async throws(CommandFailure) -> (lines: [String], next: UInt64?) {
        func moment(_ microseconds: Int64?) -> String? {
            microseconds.map { Moment(seconds: $0 / 1_000_000).universalText }
        }
        let values: KeyValuePairs<String, String?> = [
            "key": filter.key, "principal": filter.principal, "account": filter.account, "action": filter.action,
            "outcome": filter.outcome, "source": filter.source, "from": moment(filter.from), "to": moment(filter.to),
            "limit": String(filter.limit), "before": filter.before.map { String($0) },
        ]
        let query = values.compactMap { name, value in value.map { (name, $0) } }
        let answer = try await call(.get, ["audit"], query: query)
        let lines = (answer["items"]?.elements ?? []).map { String(decoding: $0.compact, as: UTF8.self) }
        return (lines, answer["next"]?.integer.flatMap { UInt64(exactly: $0) })
    }
}
