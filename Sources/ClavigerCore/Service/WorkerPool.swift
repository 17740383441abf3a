import CKernel
package import Dispatch
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Threads of its own for work that blocks or computes long: private-key operations, key generation, password digests.
///
/// Neither an event loop nor the cooperative pool may wait for such work. Whoever is free takes what has waited longest, and no more than a
/// bounded number of jobs wait.
package final class WorkerPool: Sendable {
    private typealias Job = @Sendable () -> Announcement?

    /// Tells somebody that the results of jobs are there.
    package typealias Announcement = @Sendable () -> Void

    /// How the threads share the cores with those that must answer at once, such as event loops.
    package enum Sharing: Sendable {
        case equal
        /// After each job, others go first; and a thread that wakes need not wait for its end.
        case givingWay
    }

    /// What the threads hold on to; the pool itself goes when its last user does.
    private final class Work: Sendable {
        struct State {
            var jobs: [Job?] = []
            var first = 0
            var isClosed = false

            var waiting: Int { jobs.count - first }

            mutating func next() -> Job? {
                guard first < jobs.count else { return nil }
                defer { first += 1 }
                let job = jobs[first]
                jobs[first] = nil
                if first > 256, first > jobs.count / 2 {
                    jobs.removeFirst(first)
                    first = 0
                }
                return job
            }
        }

        let state = Mutex(State())
        let signal = DispatchSemaphore(value: 0)
        let ended = DispatchSemaphore(value: 0)

        var isClosed: Bool { state.withLock { $0.isClosed } }
        var waiting: Int { state.withLock { $0.waiting } }

        /// Works until the pool is closed and nothing waits.
        func run(_ sharing: Sharing) {
            var announcements = Announcements()
            defer { ended.signal() }
            while true {
                if !announcements.isEmpty, signal.wait(timeout: .now()) == .timedOut {
                    announcements.make()
                    signal.wait()
                } else if announcements.isEmpty {
                    signal.wait()
                }
                let (job, isClosed) = state.withLock { ($0.next(), $0.isClosed) }
                guard let job else {
                    if isClosed { return announcements.make() }
                    continue
                }
                if let announcement = job() { announcements.add(announcement) }
                if announcements.areDue || waiting == 0 { announcements.make() }
                if sharing == .givingWay { sched_yield() }
            }
        }
    }

    /// What one thread has to tell.
    ///
    /// An announcement wakes another thread, which interrupts this one: under load that costs as much as a signature. While more jobs wait, nobody
    /// loses by hearing of several results at once.
    private struct Announcements {
        private static let most = 8
        private static let longestWait = ContinuousClock.Duration.milliseconds(2)

        private var waiting: [Announcement] = []
        private var oldest = ContinuousClock.now

        var isEmpty: Bool { waiting.isEmpty }

        var areDue: Bool {
            waiting.count >= Self.most || !waiting.isEmpty && ContinuousClock.now - oldest >= Self.longestWait
        }

        mutating func add(_ announcement: @escaping Announcement) {
            if waiting.isEmpty { oldest = ContinuousClock.now }
            waiting.append(announcement)
        }

        mutating func make() {
            for announcement in waiting { announcement() }
            waiting.removeAll(keepingCapacity: true)
        }
    }

    #if os(Linux)
        /// Nanoseconds that a thread that gives way wants to go on: about one job.
        private static let slice: UInt64 = 300_000

        /// How much nicer than the rest of the process such a thread is. Much more would leave it nothing beside other busy programs.
        private static let niceness: Int32 = 3
    #endif

    private let work = Work()
    private let workers: Int
    private let longestQueue: Int

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - workers: how many threads there are, at least one.
    ///   - longestQueue: how many jobs may wait.
    ///   - sharing: how they share the cores with others.
    package init(workers: Int, longestQueue: Int = 4096, sharing: Sharing = .equal) {
        self.workers = max(1, workers)
        self.longestQueue = longestQueue
        for _ in 0..<self.workers {
            do throws(KMSError) {
                try DedicatedThread.start { [work] in
                    #if os(Linux)
                        // If it fails the threads compete with all others, and nothing else.
                        if sharing == .givingWay { _ = kernel_share_core(Self.niceness, Self.slice) }
                    #endif
                    work.run(sharing)
                }
            } catch {
                // Pools are made when the server starts; a system without a thread to give cannot run it.
                fatalError("no worker thread can be started: \(error.message)")
            }
        }
    }

    deinit { beginClosing() }

    private func beginClosing() {
        let isFirst = work.state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        guard isFirst else { return }
        for _ in 0..<workers { work.signal.signal() }
    }

    /// Ends the threads, for the end of the process: what waits in ``run(_:)`` fails, other jobs are done, new ones are refused.
    ///
    /// Blocks until the threads have ended, or the limit is over.
    package func close(within limit: DispatchTimeInterval) {
        beginClosing()
        let deadline = DispatchTime.now() + limit
        for _ in 0..<workers { _ = work.ended.wait(timeout: deadline) }
    }

    /// Jobs that no thread has begun.
    package var waiting: Int { work.waiting }

    /// Hands in a job, which may leave it to the thread when its result is announced.
    ///
    /// - Throws: `.throttled` if too many jobs wait already; the job is then not done.
    package func submit(_ job: @escaping @Sendable () -> Announcement?) throws(KMSError) {
        let isAccepted = work.state.withLock { state in
            guard !state.isClosed, state.waiting < longestQueue else { return false }
            state.jobs.append(job)
            return true
        }
        guard isAccepted else { throw KMSError(.throttled, "too many operations are waiting; try again later") }
        work.signal.signal()
    }

    /// Runs `work` on one of the threads.
    package func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let outcome: Swift.Result<Result, KMSError> = await withCheckedContinuation { continuation in
            do throws(KMSError) {
                try submit { [pool = self.work] in
                    do throws(KMSError) {
                        guard !pool.isClosed else { throw KMSError(.storeUnavailable, "the service is stopping") }
                        continuation.resume(returning: .success(try work()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                    return nil
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try outcome.get()
    }
}
