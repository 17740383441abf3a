package import ClavigerCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What is known of a call so far, for the audit event that closes it.
package struct CallRecord: Sendable {
    package let requestID: String
    package let dialect: String
    package let source: String

    /// Microseconds since 1970.
    package let startedAt: Int64

    /// Nanoseconds of a clock that never goes back.
    package let arrival: UInt64

    /// The action's name once it is known to exist; whatever else was asked for is `unknown`.
    package var action = "unknown"
    package var accessKeyID: String?

    /// The account whose credentials came with the call, right or wrong.
    package var account: AccountID?
    package var principal: Principal?
    package var realm: RealmID?
    package var resources: [String] = []

    /// The rights of the caller, which know what was decided.
    package var access: Access?

    init(requestID: String, dialect: String, source: String) {
        self.requestID = requestID
        self.dialect = dialect
        self.source = source
        startedAt = Self.read(CLOCK_REALTIME) / 1000
        arrival = UInt64(Self.read(CLOCK_MONOTONIC))
    }

    var elapsedNanoseconds: Int64 { Self.read(CLOCK_MONOTONIC) - Int64(arrival) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
