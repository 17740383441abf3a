#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Wakes the one thread that waits for it; raised before, it lets the next wait return at once.
final class WakeSignal: Sendable {
    // Initialised before the object is shared; `raised` is touched only under the mutex.
    private nonisolated(unsafe) let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private nonisolated(unsafe) let raised = UnsafeMutablePointer<Bool>.allocate(capacity: 1)

    init() {
        raised.initialize(to: false)
        pthread_mutex_init(mutex, nil)
        #if canImport(Darwin)
            pthread_cond_init(condition, nil)
        #else
            // A step of the time of day must not stretch a wait.
            var attributes = pthread_condattr_t()
            pthread_condattr_init(&attributes)
            pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
            pthread_cond_init(condition, &attributes)
            pthread_condattr_destroy(&attributes)
        #endif
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
        condition.deallocate()
        raised.deallocate()
    }

    func raise() {
        pthread_mutex_lock(mutex)
        raised.pointee = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Returns when the signal is raised, or after `limit`.
    func wait(atMost limit: Duration?) {
        pthread_mutex_lock(mutex)
        defer {
            raised.pointee = false
            pthread_mutex_unlock(mutex)
        }
        guard let limit else {
            while !raised.pointee { pthread_cond_wait(condition, mutex) }
            return
        }
        var deadline = Self.deadline(after: limit)
        while !raised.pointee {
            guard pthread_cond_timedwait(condition, mutex, &deadline) == 0 else { return }
        }
    }

    private static func deadline(after limit: Duration) -> timespec {
        var time = timespec()
        #if canImport(Darwin)
            clock_gettime(CLOCK_REALTIME, &time)
        #else
            clock_gettime(CLOCK_MONOTONIC, &time)
        #endif
        let (seconds, attoseconds) = max(limit, .zero).components
        let nanoseconds = time.tv_nsec + Int(attoseconds / 1_000_000_000)
        time.tv_sec += Int(seconds) + nanoseconds / 1_000_000_000
        time.tv_nsec = nanoseconds % 1_000_000_000
        return time
    }
}
