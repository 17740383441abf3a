import ClavigerCore
import ClavigerServer

/// A thread of its own for work that blocks, during which interruptions are noted.
enum WorkThread {
    /// Runs `body`, and ends the process as an interruption asks that came meanwhile, when `body` has cleaned up.
    static func run<Result: Sendable>(
        _ body: @escaping @Sendable () throws(CommandFailure) -> Result
    ) async throws -> Result {
        // There are data keys and plaintext in memory.
        ProcessHardening.forbidCoreFiles()
        try Interruption.listen()
        let result: Swift.Result<Result, CommandFailure> = await withCheckedContinuation { continuation in
            do throws(KMSError) {
                try DedicatedThread.start {
                    do throws(CommandFailure) {
                        continuation.resume(returning: .success(try body()))
                    } catch {
                        continuation.resume(returning: .failure(error))
                    }
                }
            } catch {
                continuation.resume(returning: .failure(CommandFailure(error.message)))
            }
        }
        Interruption.endIfNoted()
        return try result.get()
    }
}
