package import ClavigerCore

/// What a started call came to, or how to get there.
package enum CallProgress<Outcome: Sendable>: Sendable {
    case finished(Result<Outcome, KMSError>)

    /// A key must be fetched first; the rest is like ``finished(_:)``.
    case fetchingKeys(@Sendable () async -> Result<Outcome, KMSError>)

    /// It goes to the store, and is on the disk in the audit log before its answer leaves.
    case managing(@Sendable () async -> Result<Outcome, KMSError>)

    /// The keys are there, and the rest computes too long for an event loop. It gives nothing if a key has changed while the work waited for
    /// a thread, and the second way must be gone: what was acknowledged holds for all that begins afterwards.
    case computing(
        @Sendable () -> Result<Outcome, KMSError>?, otherwise: @Sendable () async -> Result<Outcome, KMSError>)
}

/// How a dialect ends a call: records it, and writes the answer.
package protocol CallEnding: Sendable {
    associatedtype Outcome: Sendable

    /// Ends a call that only used keys.
    func finish(_ record: CallRecord, _ result: Result<Outcome, KMSError>) -> Reply

    /// Ends a call that may have changed something.
    func finishDurably(_ record: CallRecord, _ result: Result<Outcome, KMSError>) async -> Reply
}

extension CallEnding {
    /// Goes the rest of the way of a call that has started, and ends it.
    ///
    /// - Parameters:
    ///   - pool: where calls compute that take too long for an event loop.
    ///   - recorder: asked whether a call that changes something may begin.
    /// - Throws: `.auditUnavailable`.
    package func answer(
        _ progress: CallProgress<Outcome>, _ record: CallRecord, pool: WorkerPool, recorder: CallRecorder
    ) throws(KMSError) -> Answer {
        switch progress {
        case .finished(let result):
            return .now(finish(record, result))
        case .fetchingKeys(let work):
            return .later { finish(record, await work()) }
        case .computing(let work, let otherwise):
            return .computed { delivery in
                do throws(KMSError) {
                    try pool.submit {
                        guard let result = work() else {
                            Task {
                                delivery.put(finish(record, await otherwise()))
                                delivery.announce()
                            }
                            return nil
                        }
                        delivery.put(finish(record, result))
                        return delivery.announce
                    }
                } catch {
                    delivery.put(finish(record, .failure(error)))
                    delivery.announce()
                }
            }
        case .managing(let work):
            try recorder.requireWorkingLog()
            return .later { await finishDurably(record, await work()) }
        }
    }
}
