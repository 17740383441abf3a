import Foundation

/// What work costs, however busy the machine is.
package enum ProcessorTime {
    /// The processor time that `body` takes on this thread.
    package static func ofThread(_ body: () throws -> Void) rethrows -> Duration {
        let beginning = thread
        try body()
        return thread - beginning
    }

    private static var thread: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
