package import ClavigerAudit
package import ClavigerCore
package import ClavigerCrypto
package import Logging
import Synchronization

/// What every dialect does with every call, whatever came of it: count it, record it, and log what an operator must know.
package final class CallRecorder: Sendable {
    /// Told of each finished call: dialect, action, outcome, nanoseconds.
    package typealias Observer =
        @Sendable (_ dialect: String, _ action: String, _ outcome: String, _ nanoseconds: Int64) -> Void

    private let audit: AuditLog
    private let random: RandomSource
    private let logger: Logger
    private let observe: Observer
    private let unfinished = Atomic<Int>(0)

    package init(audit: AuditLog, random: RandomSource, logger: Logger, observe: @escaping Observer) {
        self.audit = audit
        self.random = random
        self.logger = logger
        self.observe = observe
    }

    /// A new call; its request id is a random UUID.
    package func begin(dialect: String, source: String) -> CallRecord {
        unfinished.wrappingAdd(1, ordering: .relaxed)
        return CallRecord(requestID: UUIDText.text(random.bufferedUUID()), dialect: dialect, source: source)
    }

    /// Whether a call that changes something may begin: its record could be written as far as is known.
    package func requireWorkingLog() throws(KMSError) {
        guard audit.isHealthy else { throw KMSError(.auditUnavailable, "calls cannot be recorded now") }
    }

    /// Records a call that only used keys: written before this returns, synced with others.
    ///
    /// - Throws: `.auditUnavailable`; the caller must then not get the result.
    package func finish(_ record: CallRecord, outcome: String, error: KMSError?) throws(KMSError) {
        defer { unfinished.wrappingSubtract(1, ordering: .relaxed) }
        let event = close(record, outcome: outcome, error: error)
        do throws(KMSError) {
            try audit.record(event)
        } catch {
            throw unrecorded(record, error)
        }
    }

    /// Records a call that may have changed something: on the disk before this returns.
    package func finishDurably(_ record: CallRecord, outcome: String, error: KMSError?) async throws(KMSError) {
        defer { unfinished.wrappingSubtract(1, ordering: .relaxed) }
        let event = close(record, outcome: outcome, error: error)
        do throws(KMSError) {
            try await audit.recordDurably(event)
        } catch {
            throw unrecorded(record, error)
        }
    }

    /// Returns when all calls that have begun are recorded, or the limit is over.
    package func waitForCalls(within limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        while unfinished.load(ordering: .relaxed) > 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// What the caller is told: no paths and no reasons, which are for the log.
    private func unrecorded(_ record: CallRecord, _ cause: KMSError) -> KMSError {
        let error = KMSError(.auditUnavailable, "the call could not be recorded", cause: cause)
        log(error, record)
        return error
    }

    private func close(_ record: CallRecord, outcome: String, error: KMSError?) -> AuditEvent {
        let nanoseconds = record.elapsedNanoseconds
        observe(record.dialect, record.action, outcome, nanoseconds)
        if let error { log(error, record) }
        let decision = record.access?.decision
        return AuditEvent(
            time: record.startedAt, requestID: record.requestID, dialect: record.dialect, action: record.action,
            account: (record.principal?.account ?? record.account)?.description, principal: record.principal?.name,
            accessKeyID: record.accessKeyID, source: record.source, realm: record.realm?.name,
            resources: record.resources, outcome: outcome, decision: decision?.word,
            policy: decision?.statement?.description, durationMicroseconds: Int(nanoseconds / 1000))
    }

    private func log(_ error: KMSError, _ record: CallRecord) {
        switch error.code {
        case .backendFailed, .storeUnavailable, .auditUnavailable, .internalFailure:
            logger.error(
                "call failed",
                metadata: [
                    "request.id": "\(record.requestID)", "action": "\(record.action)", "error": "\(error.message)",
                    "cause": "\(error.cause.map { String(describing: $0) } ?? "-")",
                ])
        default:
            logger.debug(
                "call refused",
                metadata: [
                    "request.id": "\(record.requestID)", "action": "\(record.action)",
                    "error": "\(error.code.rawValue)",
                ])
        }
    }
}
