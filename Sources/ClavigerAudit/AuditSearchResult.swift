/// What a search found.
package struct AuditSearchResult: Hashable, Sendable {
    /// The records' lines as they are in the log, the newest first.
    package let records: [String]

    /// The ``AuditFilter/before`` of a search for those that come next; `nil` if the whole log was searched. There may turn out to
    /// be none.
    package let next: UInt64?
}
