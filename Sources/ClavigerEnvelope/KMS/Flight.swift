#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A result that one thread is fetching and others wait for.
///
/// They block, by a condition variable: callers are threads of any program, and nothing here may need Swift's own pool of threads.
final class Flight<Success: Sendable, Failure: Error>: Sendable {
    // Initialised before the object is shared; `result` is touched only under the mutex.
    private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private nonisolated(unsafe) var result: Result<Success, Failure>?

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        condition.deallocate()
    }

    /// Gives the result to all who wait and who will.
    func land(_ result: Result<Success, Failure>) {
        pthread_mutex_lock(mutex)
        self.result = result
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Blocks until the result is there.
    func wait() -> Result<Success, Failure> {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result { return result }
            pthread_cond_wait(condition, mutex)
        }
    }
}
