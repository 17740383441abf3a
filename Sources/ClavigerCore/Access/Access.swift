import Synchronization

/// The rights of a caller within one call, and what was decided by them; the audit event tells it.
package final class Access: Sendable {
    package let rights: Rights
    package let facts: AccessFacts
    private let decided = Mutex<AccessDecision?>(nil)

    package init(rights: Rights, facts: AccessFacts) {
        self.rights = rights
        self.facts = facts
    }

    /// The access of root identities where nobody can be refused. It is shared, and notes nothing.
    package static let root = Access(rights: .root, facts: AccessFacts(source: "", now: Timestamp(seconds: 0)))

    /// The decision that counts for the call: the first refusal, else the last permission. `nil` if none was needed yet.
    package var decision: AccessDecision? { decided.withLock { $0 } ?? (rights.isRoot ? .root : nil) }

    func note(_ decision: AccessDecision) {
        guard self !== Access.root else { return }
        decided.withLock { decided in
            if decided?.allows ?? true { decided = decision }
        }
    }
}
