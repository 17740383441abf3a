import Synchronization

/// The memory that the bodies of requests may take together, over all connections, before anybody is known to be who they say.
final class BodyBudget: Sendable {
    private let remaining: Atomic<Int>

    init(bytes: Int) { remaining = Atomic(bytes) }

    /// Takes bytes out of the budget if it has them.
    func reserve(_ count: Int) -> Bool {
        guard remaining.subtract(count, ordering: .relaxed).newValue < 0 else { return true }
        release(count)
        return false
    }

    func release(_ count: Int) { remaining.add(count, ordering: .relaxed) }
}
