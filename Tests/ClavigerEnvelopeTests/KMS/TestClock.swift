import ClavigerEnvelope
import Synchronization

/// Clocks that stand until they are moved.
final class TestClock: Sendable {
    private let moments = Mutex((secondsSince1970: Int64(1_700_000_000), elapsed: Duration.seconds(5000)))

    func advance(by duration: Duration) {
        moments.withLock { moments in
            moments.elapsed += duration
            moments.secondsSince1970 += duration.components.seconds
        }
    }

    var kmsClock: KMSClock {
        KMSClock(
            secondsSince1970: { self.moments.withLock { $0.secondsSince1970 } },
            elapsed: { self.moments.withLock { $0.elapsed } })
    }
}
