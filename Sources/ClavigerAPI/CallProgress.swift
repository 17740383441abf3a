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

/// An answer, written, before it has its envelope.
package protocol CallOutcome: Sendable {
    /// Keys that the call made, for the audit event.
    var madeKeys: [KeyID] { get }
}

/// How a dialect ends a call: it records it, then answers.
package protocol CallEnding: Sendable {
    associatedtype Outcome: CallOutcome

    var recorder: CallRecorder { get }

    /// What the audit log calls a refusal.
    func word(for error: KMSError) -> String

    func success(_ outcome: Outcome, requestID: String) -> Reply
    func failure(_ error: KMSError, requestID: String) -> Reply
}

extension CallEnding {
    /// Ends a call that only used keys.
    package func finish(_ record: CallRecord, _ result: Result<Outcome, KMSError>) -> Reply {
        do throws(KMSError) {
            let ended = ended(record, result)
            try recorder.finish(ended.record, outcome: ended.word, error: ended.error)
            return ended.reply
        } catch {
            return failure(error, requestID: record.requestID)
        }
    }

    /// Ends a call that may have changed something.
    package func finishDurably(_ record: CallRecord, _ result: Result<Outcome, KMSError>) async -> Reply {
        do throws(KMSError) {
            let ended = ended(record, result)
            try await recorder.finishDurably(ended.record, outcome: ended.word, error: ended.error)
            return ended.reply
        } catch {
            return failure(error, requestID: record.requestID)
        }
    }

    private func ended(
        _ record: CallRecord, _ result: Result<Outcome, KMSError>
    ) -> (record: CallRecord, word: String, error: KMSError?, reply: Reply) {
        switch result {
        case .success(let outcome):
            // Whoever is not root has been asked for his right, or the action has forgotten it.
            guard record.access.map({ $0.decision != nil }) ?? true else {
                return ended(
                    record,
                    .failure(KMSError(.internalFailure, "\(record.action) did not ask for its permission")))
            }
            var record = record
            record.resources += outcome.madeKeys.map(\.description)
            return (record, "ok", nil, success(outcome, requestID: record.requestID))
        case .failure(let error):
            return (record, word(for: error), error, failure(error, requestID: record.requestID))
        }
    }

    /// Goes the rest of the way of a call that has started, and ends it.
    ///
    /// - Parameter pool: where calls compute that take too long for an event loop.
    /// - Throws: `.auditUnavailable`.
    package func answer(
        _ progress: CallProgress<Outcome>, _ record: CallRecord, pool: WorkerPool
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
