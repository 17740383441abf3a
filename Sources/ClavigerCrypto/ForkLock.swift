#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A lock that a child of `fork()` finds open, and what it guards as it was between two uses.
///
/// A child has one thread and the locks as they were: one that another thread of the parent held would never open again. POSIX leaves a
/// program with threads little to do in a child, but libraries are called by programs that do more, such as those that fork their workers.
/// So `fork()` waits until these locks are free, holds them, and both processes find them open.
///
/// There are two, for all that is kept by whatever is guarded: what is done under them is short.
package final class ForkLock: @unchecked Sendable {
    /// Guards what the Encryption SDK keeps. Taken before ``memory``.
    package static let keeping = ForkLock()

    /// Guards the lists of free locked memory. Taken last.
    static let memory = ForkLock()

    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    private init() {
        mutex = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        ForkGate.register()
    }

    fileprivate func lock() { pthread_mutex_lock(mutex) }

    fileprivate func unlock() { pthread_mutex_unlock(mutex) }

    /// In the child, which owns nothing of what its parent's threads held.
    fileprivate func makeAnew() { pthread_mutex_init(mutex, nil) }
}

/// A value that threads use one at a time, under a lock that a child of `fork()` finds open.
package struct ForkGuarded<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    private let value: UnsafeMutablePointer<Value>
    private let lock: ForkLock

    package init(_ value: consuming Value, by lock: ForkLock = .keeping) {
        self.value = .allocate(capacity: 1)
        self.value.initialize(to: value)
        self.lock = lock
    }

    deinit {
        value.deinitialize(count: 1)
        value.deallocate()
    }

    /// Gives `body` the value. `body` is short, and takes no lock but one that comes later.
    package func withLock<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value.pointee)
    }
}

/// Lets `fork()` wait for what is under way in libraries that have locks of their own.
package enum ForkGate {
    private nonisolated(unsafe) static let gate: UnsafeMutablePointer<pthread_rwlock_t> = {
        let gate = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
        open(gate)
        register()
        return gate
    }()

    private static func open(_ gate: UnsafeMutablePointer<pthread_rwlock_t>) {
        #if canImport(Glibc)
            // By default whoever reads goes first, and `fork()` would wait for ever while threads are busy.
            var attributes = pthread_rwlockattr_t()
            pthread_rwlockattr_init(&attributes)
            pthread_rwlockattr_setkind_np(
                &attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
            pthread_rwlock_init(gate, &attributes)
            pthread_rwlockattr_destroy(&attributes)
        #else
            pthread_rwlock_init(gate, nil)
        #endif
    }

    /// Does `body`, which takes no more than milliseconds; no `fork()` of another thread comes between. Any number of threads at once, each
    /// of them once: `body` must not come back here.
    package static func hold<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_rwlock_rdlock(gate)
        defer { pthread_rwlock_unlock(gate) }
        return try body()
    }

    private static let registration: Int32 = pthread_atfork(
        {
            pthread_rwlock_wrlock(gate)
            ForkLock.keeping.lock()
            ForkLock.memory.lock()
        },
        {
            ForkLock.memory.unlock()
            ForkLock.keeping.unlock()
            pthread_rwlock_unlock(gate)
        },
        {
            ForkLock.memory.makeAnew()
            ForkLock.keeping.makeAnew()
            open(gate)
        })

    /// Once in a process.
    fileprivate static func register() { _ = registration }
}
