import Synchronization

/// Things on which work that was due has failed: for a while they are left alone, so that one fault does not fill logs or keep others waiting.
final class RecentFailures<ID: Hashable & Sendable>: Sendable {
    private static var rest: Duration { .seconds(60) }

    private let failures = Mutex<[ID: Timestamp]>([:])

    func add(_ id: ID, at moment: Timestamp) { failures.withLock { $0[id] = moment } }

    /// What is to be left alone at `moment`; the others are forgotten.
    func resting(at moment: Timestamp) -> Set<ID> {
        failures.withLock { failures in
            failures = failures.filter { $0.value + Self.rest > moment }
            return Set(failures.keys)
        }
    }
}
