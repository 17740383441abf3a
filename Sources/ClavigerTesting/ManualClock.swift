package import ClavigerCore
import Synchronization

/// A time of day that stands still until a test moves it.
package final class ManualClock: Sendable {
    private let moment: Mutex<Timestamp>

    package init(_ moment: Timestamp = SampleKey.moment) { self.moment = Mutex(moment) }

    package var now: Timestamp { moment.withLock { $0 } }

    package func advance(by duration: Duration) { moment.withLock { $0 = $0 + duration } }

    /// The clock to hand out.
    package var wallClock: WallClock { WallClock { self.now } }
}
