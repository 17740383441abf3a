import ClavigerCore
import Dispatch
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
    /// Keeps a pool's only thread busy until it is told to go on.
    private final class Block: Sendable {
        private let started = DispatchSemaphore(value: 0)
        private let gate = DispatchSemaphore(value: 0)

        func occupy(_ pool: WorkerPool) throws {
            try pool.submit { [started, gate] in
                started.signal()
                gate.wait()
                return nil
            }
            started.wait()
        }

        func release() { gate.signal() }
    }

    @Test func `A job's result and its error come back`() async throws {
        let pool = WorkerPool(workers: 2)
        #expect(try await pool.run { 7 } == 7)
        let error = await #expect(throws: KMSError.self) {
            try await pool.run { () throws(KMSError) -> Int in throw KMSError(.backendFailed, "no") }
        }
        #expect(error?.code == .backendFailed)
    }

    @Test func `Jobs are done in their order`() async throws {
        let pool = WorkerPool(workers: 1)
        let done = Mutex<[Int]>([])
        for number in 0..<1000 {
            try pool.submit {
                done.withLock { $0.append(number) }
                return nil
            }
        }
        try await pool.run {}
        #expect(done.withLock(\.self) == Array(0..<1000))
    }

    @Test func `Whoever is free takes the next job`() async throws {
        let pool = WorkerPool(workers: 2)
        let block = Block()
        try block.occupy(pool)
        for number in 0..<10 { #expect(try await pool.run { number } == number) }
        block.release()
    }

    @Test func `No more jobs wait than the queue has room for`() async throws {
        let pool = WorkerPool(workers: 1, longestQueue: 2)
        let block = Block()
        try block.occupy(pool)
        let done = Mutex(0)
        for _ in 0..<2 {
            try pool.submit {
                done.withLock { $0 += 1 }
                return nil
            }
        }
        let refused = #expect(throws: KMSError.self) {
            try pool.submit {
                done.withLock { $0 += 100 }
                return nil
            }
        }
        #expect(refused?.code == .throttled)
        let also = await #expect(throws: KMSError.self) { try await pool.run { 1 } }
        #expect(also?.code == .throttled)
        block.release()
        while done.withLock(\.self) < 2 { await Task.yield() }
        try await pool.run {}
        #expect(done.withLock(\.self) == 2)
    }

    @Test(arguments: [WorkerPool.Sharing.equal, .givingWay])
    func `Every result is announced, the last ones at once`(sharing: WorkerPool.Sharing) throws {
        let pool = WorkerPool(workers: 2, sharing: sharing)
        for count in [1, 2, 3, 5, 100] {
            let announced = DispatchSemaphore(value: 0)
            for _ in 0..<count { try pool.submit { { announced.signal() } } }
            for _ in 0..<count { #expect(announced.wait(timeout: .now() + 60) == .success) }
        }
    }

    @Test func `A closed pool has ended its threads, failed what could be told so, and done the rest`() async throws {
        let pool = WorkerPool(workers: 1)
        let block = Block()
        try block.occupy(pool)
        let done = Mutex(false)
        let waiting = Task { try await pool.run { 1 } }
        while pool.waiting == 0 { await Task.yield() }
        try pool.submit {
            done.withLock { $0 = true }
            return nil
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.05) { block.release() }
        pool.close(within: .seconds(60))
        #expect(done.withLock { $0 })
        await #expect(throws: KMSError.self) { try await waiting.value }
        #expect(throws: KMSError.self) { try pool.submit { nil } }
    }

    @Test func `Jobs that wait when the last user of a pool goes are still done`() async throws {
        let done = DispatchSemaphore(value: 0)
        do {
            let pool = WorkerPool(workers: 2)
            for _ in 0..<100 {
                try pool.submit {
                    done.signal()
                    return nil
                }
            }
        }
        for _ in 0..<100 { #expect(done.wait(timeout: .now() + 60) == .success) }
    }
}
