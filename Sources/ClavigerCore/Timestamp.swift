#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A moment in whole seconds since 1970-01-01 UTC, the precision of all the vendors' APIs.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let seconds: Int64

    package init(seconds: Int64) { self.seconds = seconds }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

    package static func + (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(seconds: moment.seconds + duration.components.seconds)
    }

    package static func - (moment: Timestamp, duration: Duration) -> Timestamp {
        Timestamp(seconds: moment.seconds - duration.components.seconds)
    }
}

extension Duration {
    package static func days(_ count: Int) -> Duration { .seconds(86400 * count) }

    /// Days that have passed in full.
    package var wholeDays: Int64 { components.seconds / 86400 }
}

/// The time of day, handed to whoever needs it, so that tests can move it.
package struct WallClock: Sendable {
    private let read: @Sendable () -> Timestamp

    package init(_ read: @escaping @Sendable () -> Timestamp) { self.read = read }

    package var now: Timestamp { read() }

    package static let system = WallClock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec))
    }
}
