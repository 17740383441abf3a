package import ClavigerCore
import Synchronization

/// Holds every account to the rates of a dialect's actions.
///
/// The generic cell rate algorithm (ITU-T I.371, annex A): per account and action one moment is kept, at which the requests made so far would be
/// due if they came evenly. A request is let through as long as that moment is less than a second ahead, so that an account which was quiet can
/// make the requests of one second at once.
package final class RateLimiter: Sendable {
    private static let second: Int64 = 1_000_000_000

    private final class Bucket: Sendable {
        /// Nanoseconds between two requests that come evenly; `nil` lets none through.
        let interval: Int64?

        // An account that comes for the first time makes the table grow; nothing else allocates.
        let due = Mutex<[AccountID: Int64]>([:])

        init(perSecond: Int) { interval = perSecond > 0 ? max(1, RateLimiter.second / Int64(perSecond)) : nil }

        func admit(_ account: AccountID, _ now: Int64) -> Bool {
            guard let interval else { return false }
            return due.withLock { due in
                let moment = max(due[account] ?? now, now)
                guard moment - now <= RateLimiter.second - interval else { return false }
                due[account] = moment + interval
                return true
            }
        }
    }

    /// By the place of the action; `nil` for those without a limit.
    private let buckets: [Bucket?]
    private let names: [String]

    /// - Parameter actions: the names of all actions; an action's number is its place among them.
    package init(_ limits: RateLimits, actions: [String]) {
        names = actions
        buckets = actions.map { limits.perSecond[$0].map { Bucket(perSecond: $0) } }
    }

    package func isLimited(_ action: Int) -> Bool { buckets[action] != nil }

    /// The number of the action with this name, if it is limited.
    package func limitedAction(named name: String) -> Int? {
        names.firstIndex(of: name).flatMap { isLimited($0) ? $0 : nil }
    }

    /// Counts a request of the account, and says whether it may be made.
    ///
    /// - Parameter now: nanoseconds of a clock that never goes back.
    package func admit(_ action: Int, account: AccountID, now: UInt64) -> Bool {
        guard let bucket = buckets[action] else { return true }
        return bucket.admit(account, Int64(now))
    }
}
