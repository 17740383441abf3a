#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Threads that pthread_cancel(3) ends.
enum Cancellation {
    /// Runs `body` to its end in a thread that is asked to end meanwhile: it ends behind, at its next cancellation point. In the middle of
    /// Swift it would leave locks locked, other threads without what they wait for, and secrets unwiped.
    static func deferred<Result>(_ body: () -> Result) -> Result {
        var before: CInt = 0
        pthread_setcancelstate(CInt(PTHREAD_CANCEL_DISABLE), &before)
        defer { pthread_setcancelstate(before, nil) }
        return body()
    }
}
