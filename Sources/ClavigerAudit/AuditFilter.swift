package import ClavigerCrypto

/// Which records of a log are asked for. What is `nil` does not matter; the rest must all be true of a record.
///
/// Texts are compared byte by byte.
package struct AuditFilter: Hashable, Sendable {
    /// The ``outcome`` that means everything but `ok`.
    package static let refused = "refused"

    /// One of the record's resources.
    package var key: String?

    /// The name of the identity, or the id of the access key.
    package var principal: String?
    package var account: String?

    /// The action; with `*` at its end, what the action begins with.
    package var action: String?

    /// The outcome, or ``refused``.
    package var outcome: String?

    /// The address that the call came from, without the port.
    package var source: String?

    /// When calls arrived, in microseconds since 1970-01-01 UTC: not before `from`, and before `to`.
    package var from: Int64?
    package var to: Int64?

    /// As many records at most; those that were written last.
    package var limit: Int

    /// Only records with a smaller sequence number.
    package var before: UInt64?

    package init(
        key: String? = nil, principal: String? = nil, account: String? = nil, action: String? = nil,
        outcome: String? = nil, source: String? = nil, from: Int64? = nil, to: Int64? = nil, limit: Int = 100,
        before: UInt64? = nil
    ) {
        self.key = key
        self.principal = principal
        self.account = account
        self.action = action
        self.outcome = outcome
        self.source = source
        self.from = from
        self.to = to
        self.limit = limit
        self.before = before
    }
}

extension AuditFilter {
    /// Whether a record is one of those, as far as its texts tell.
    package func matches(_ record: JSONValue) -> Bool {
        if let key, !record["resources"].holds(key) { return false }
        if let principal, !(record["principal"].is(principal) || record["accessKey"].is(principal)) { return false }
        if let account, !record["account"].is(account) { return false }
        if let action, !matches(action: action, record["action"]) { return false }
        if let outcome {
            guard outcome == Self.refused ? !record["outcome"].is("ok") : record["outcome"].is(outcome) else {
                return false
            }
        }
        if let source, !record["source"].isAddress(source) { return false }
        return true
    }

    /// Whether a record is one of those, as far as its place and its time tell.
    func matches(_ head: RecordHead) -> Bool {
        if let before, head.sequence >= before { return false }
        if let from, head.time < from { return false }
        if let to, head.time >= to { return false }
        return true
    }

    private func matches(action: String, _ value: JSONValue?) -> Bool {
        guard action.utf8.last == UInt8(ascii: "*") else { return value.is(action) }
        guard case .string(let bytes) = value else { return false }
        return bytes.starts(with: action.utf8.dropLast())
    }
}

extension JSONValue? {
    fileprivate func `is`(_ text: String) -> Bool {
        guard case .string(let bytes) = self else { return false }
        return bytes.elementsEqual(text.utf8)
    }

    /// Whether this is an array with `text` in it.
    fileprivate func holds(_ text: String) -> Bool {
        guard case .array(let elements) = self else { return false }
        return elements.contains { Self($0).is(text) }
    }

    /// Whether this is `address`, alone or with a port behind it. The address may be one of IPv6, with colons of its own.
    fileprivate func isAddress(_ address: String) -> Bool {
        guard case .string(let bytes) = self else { return false }
        let colon = bytes.lastIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        return bytes[..<colon].elementsEqual(address.utf8)
    }
}
