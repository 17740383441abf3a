import Synchronization

/// Keys on which work that was due has failed: for a while they are left alone, so that one fault does not fill logs or keep others waiting.
final class FailedWork: Sendable {
    private static let rest = Duration.seconds(60)

    private let failures = Mutex<[KeyID: Timestamp]>([:])

    func add(_ id: KeyID, at moment: Timestamp) { failures.withLock { $0[id] = moment } }

    /// The keys to be left alone at `moment`; the others are forgotten.
    func resting(at moment: Timestamp) -> Set<KeyID> {
        failures.withLock { failures in
            failures = failures.filter { $0.value + Self.rest > moment }
            return Set(failures.keys)
        }
    }
}
