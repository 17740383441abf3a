import Dispatch
import Synchronization

/// Threads of its own for work that blocks or computes long: key generation, password digests.
///
/// Neither an event loop nor the cooperative pool may wait for such work.
package final class WorkerPool: Sendable {
    private let queues: [DispatchQueue]
    private let next = Atomic<Int>(0)

    package init(name: String, workers: Int) {
        queues = (0..<max(1, workers)).map { DispatchQueue(label: "\(name)-\($0)") }
    }

    /// Runs `work` on one of the threads.
    package func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws(KMSError) -> Result
    ) async throws(KMSError) -> Result {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        let outcome: Swift.Result<Result, KMSError> = await withCheckedContinuation { continuation in
            queues[abs(index % queues.count)].async {
                do throws(KMSError) {
                    continuation.resume(returning: .success(try work()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try outcome.get()
    }
}
