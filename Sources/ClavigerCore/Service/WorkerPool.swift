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
    private typealias Job = @Sendable () -> Void

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

        /// Works until the pool is closed and nothing waits.
        func run() {
            defer { ended.signal() }
            while true {
                signal.wait()
                let (job, isClosed) = state.withLock { ($0.next(), $0.isClosed) }
                if let job { job() } else if isClosed { return }
            }
        }
    }

    private let work = Work()
    private let workers: Int
    private let longestQueue: Int

    /// Starts the threads.
    ///
    /// - Parameters:
    ///   - workers: how many threads there are, at least one.
    ///   - longestQueue: how many jobs may wait.
    ///   - niceness: how much the threads give way to others of this process, 0 (not at all) to 19; without effect but on Linux.
    package init(workers: Int, longestQueue: Int = 4096, niceness: Int32 = 0) {
        self.workers = max(1, workers)
        self.longestQueue = longestQueue
        for _ in 0..<self.workers {
            do throws(KMSError) {
                try DedicatedThread.start { [work] in
                    #if os(Linux)
                        // On Linux a priority belongs to a thread, and 0 stands for the one that asks.
                        if niceness > 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
                    #endif
                    work.run()
                }
            } catch {
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
    package var waiting: Int { work.state.withLock { $0.waiting } }

    /// Hands in a job.
    ///
    /// - Throws: `.throttled` if too many jobs wait already; the job is then not done.
    package func submit(_ job: @escaping @Sendable () -> Void) throws(KMSError) {
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
                    guard !pool.isClosed else {
                        return continuation.resume(
                            returning: .failure(KMSError(.storeUnavailable, "the service is stopping")))
                    }
                    do throws(KMSError) {
                        continuation.resume(returning: .success(try work()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(error))
            }
        }
        return try outcome.get()
    }
}
