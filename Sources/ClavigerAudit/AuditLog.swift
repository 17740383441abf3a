package import ClavigerCore
package import ClavigerCrypto
package import Logging
import Synchronization

/// The append-only record of every call: JSON lines in segment files, chained, authenticated one by one with a secret key, and
/// covered by signed checkpoints. The format is in `docs/audit-format.md`.
///
/// One thread of its own syncs the file whenever there is something to sync, appends the checkpoints and begins new segments.
/// The log
/// is open until ``close()``.
package final class AuditLog: Sendable {
    struct State {
        var writer: SegmentWriter

        /// The last record that is on the disk.
        var syncedSequence: UInt64
        var waiters: [Waiter] = []
        var closers: [UnsafeContinuation<Void, Never>] = []
        var attention = Attention.busy
        var phase = Phase.open
        var failures: Set<Duty> = []

        /// The claim to the directory; released when the log is closed.
        var lock: OpenFile?
    }

    /// Somebody who goes on when a record is on the disk.
    struct Waiter {
        let sequence: UInt64
        let continuation: UnsafeContinuation<Result<Void, KMSError>, Never>
    }

    /// What the thread does, and so who has to wake it.
    enum Attention {
        case busy
        /// It waits until somebody waits for a sync.
        case pausing
        /// It waits for anything.
        case idle
    }

    enum Phase { case open, closing, closed }

    /// What can fail for itself and heals for itself.
    enum Duty: String { case write, sync, checkpoint, head, rotation }

    package let options: Options

    /// The key that this log's checkpoints are verified with.
    package var publicKey: AuditPublicKey { signer.publicKey }

    let directory: SegmentDirectory
    let headFile: HeadFile
    let signer: AuditSigner
    let clock: MicrosecondClock
    let logger: Logger
    let state: Mutex<State>
    let signal = WakeSignal()

    /// Opens the log in `directory`, which is made if there is none, and goes on where it ended.
    ///
    /// - Parameters:
    ///   - directory: holds the segments, and nothing else that matters; one process at a time.
    ///   - head: a file outside of the directory, for the last checkpoint.
    ///   - macKey: 32 secret bytes that are kept outside of the directory.
    ///   - signingKey: the 32 secret bytes of an Ed25519 key.
    ///   - acceptingTamperedLog: begins a new segment, whose first record says so, instead of refusing a log whose end was
    ///     tampered with.
    /// - Throws: ``KMSError/Code/auditUnavailable``; with an ``AuditFault`` as the cause if the log was tampered with.
    package init(
        directory: String, head: String, macKey: KeyMaterial, signingKey: KeyMaterial, options: Options = Options(),
        acceptingTamperedLog: Bool = false, clock: MicrosecondClock = .system, logger: Logger
    ) throws(KMSError) {
        guard macKey.count == 32 else {
            throw KMSError(.auditUnavailable, "the audit log's HMAC key must have 32 bytes")
        }
        self.options = options
        self.clock = clock
        self.logger = logger
        signer = try AuditSigner(privateKey: signingKey)
        headFile = HeadFile(path: head)
        self.directory = try SegmentDirectory(creating: directory)
        let parent = try headFile.openParent()
        guard try !self.directory.isSame(as: parent) else {
            throw KMSError(
                .auditUnavailable, "the audit log's head \(head) must be outside of the directory \(directory)")
        }
        let lock = try self.directory.lock()
        let opening = LogOpening(
            directory: self.directory, headFile: headFile, parent: parent, signer: signer,
            macKey: HMACSHA256(key: macKey),
            clock: clock)
        let (writer, news) = try opening.open(acceptingTamperedLog: acceptingTamperedLog)
        state = Mutex(State(writer: writer, syncedSequence: writer.sequence, lock: lock))
        for event in news {
            logger.warning(
                "audit log recovered",
                metadata: ["audit.event": "\(event.action)", "audit.details": "\(event.resources)"])
            try record(event)
        }
        try DedicatedThread.start { self.run() }
    }

    /// Whether records can be written, synced and covered; readiness depends on it.
    package var isHealthy: Bool { state.withLock { $0.failures.isEmpty && $0.phase == .open } }

    /// The last record written.
    package var lastSequence: UInt64 { state.withLock { $0.writer.sequence } }

    /// Records an event of the hot path: returns when the system has the line; the disk has it soon after.
    ///
    /// - Throws: ``KMSError/Code/auditUnavailable`` if it could not be written; nothing of it is in the log then. The next
    ///   call tries again.
    package func record(_ event: AuditEvent) throws(KMSError) {
        let encoded = event.encoded()
        let mustWake: Bool
        do throws(KMSError) {
            mustWake = try state.withLock { state throws(KMSError) in
                try state.append(encoded)
                return state.takeAttention(of: .idle)
            }
        } catch {
            throw report(error)
        }
        if mustWake { signal.raise() }
    }

    /// Records an event and returns when it is on the disk; waiters that come together share one sync.
    ///
    /// - Throws: ``KMSError/Code/auditUnavailable`` if it could not be written, or if the sync failed.
    package func recordDurably(_ event: AuditEvent) async throws(KMSError) {
        let encoded = event.encoded()
        let result: Result<Void, KMSError> = await withUnsafeContinuation { continuation in
            do throws(KMSError) {
                let mustWake = try state.withLock { state throws(KMSError) in
                    try state.append(encoded)
                    state.waiters.append(Waiter(sequence: state.writer.sequence, continuation: continuation))
                    return state.takeAttention(of: .idle) || state.takeAttention(of: .pausing)
                }
                if mustWake { signal.raise() }
            } catch {
                continuation.resume(returning: .failure(report(error)))
            }
        }
        try result.get()
    }

    /// Covers what was written by a last checkpoint, syncs it and ends the thread. Records are refused from now on.
    package func close() async {
        await withUnsafeContinuation { continuation in
            let isClosed = state.withLock { state in
                if state.phase == .closed { return true }
                state.phase = .closing
                state.closers.append(continuation)
                return false
            }
            if isClosed { continuation.resume() } else { signal.raise() }
        }
    }

    /// Notes that a record could not be written, and wakes the thread, whose probes find out when it can be again.
    private func report(_ error: KMSError) -> KMSError {
        guard error.code == .auditUnavailable else { return error }
        note(.write, error)
        if state.withLock({ $0.takeAttention(of: .idle) }) { signal.raise() }
        return error
    }

    /// Notes that a duty failed or, without an error, that it was done.
    func note(_ duty: Duty, _ error: KMSError?) {
        let changed = state.withLock { state in
            guard error == nil || state.phase != .closed else { return false }
            return error == nil ? state.failures.remove(duty) != nil : state.failures.insert(duty).inserted
        }
        guard changed else { return }
        if let error {
            logger.error("audit log failed", metadata: ["audit.duty": "\(duty)", "error": "\(error.message)"])
        } else {
            tellHealed(duty)
        }
    }

    func tellHealed(_ duty: Duty) {
        logger.info("audit log healed", metadata: ["audit.duty": "\(duty)"])
    }
}

extension AuditLog.State {
    mutating func append(_ encoded: [UInt8]) throws(KMSError) {
        guard phase == .open else { throw KMSError(.auditUnavailable, "the audit log is closed") }
        try writer.append(event: encoded)
        if !failures.isEmpty { failures.remove(.write) }
    }

    /// Whether the thread waits in this way; it is woken by the first who asks.
    mutating func takeAttention(of waiting: AuditLog.Attention) -> Bool {
        guard attention == waiting else { return false }
        attention = .busy
        return true
    }
}
