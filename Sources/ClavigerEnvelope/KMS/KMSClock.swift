#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The two clocks that calls of the KMS and cached data keys need; tests move them.
package struct KMSClock: Sendable {
    /// The time of day: seconds since 1970-01-01 UTC.
    package let secondsSince1970: @Sendable () -> Int64

    /// The time since some moment. Nobody can set it, and it goes on while the machine sleeps.
    package let elapsed: @Sendable () -> Duration

    package init(
        secondsSince1970: @escaping @Sendable () -> Int64, elapsed: @escaping @Sendable () -> Duration
    ) {
        self.secondsSince1970 = secondsSince1970
        self.elapsed = elapsed
    }

    package static let system = KMSClock(
        secondsSince1970: { Int64(time(nil)) },
        elapsed: { ContinuousClock.now - beginning })

    private static let beginning = ContinuousClock.now
}
