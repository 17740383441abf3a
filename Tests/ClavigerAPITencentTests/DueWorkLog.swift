import ClavigerCore
import Synchronization

/// What the service was about to do by itself, in order; a test can let it refuse.
final class DueWorkLog: Sendable {
    private struct State {
        var entries: [String] = []
        var isBroken = false
    }

    private let state = Mutex(State())

    /// Kinds of work and keys, as `rotation 01234567-…`.
    var entries: [String] { state.withLock { $0.entries } }

    func setBroken(_ isBroken: Bool) { state.withLock { $0.isBroken = isBroken } }

    func record(_ work: DueWork, _ key: Key) throws(KMSError) {
        let isBroken = state.withLock { state in
            if !state.isBroken { state.entries.append("\(work) \(key.id)") }
            return state.isBroken
        }
        if isBroken { throw KMSError(.auditUnavailable, "the log is full") }
    }
}
