import ClavigerCore
import Synchronization

extension AuditLog {
    /// What the thread remembers from one round to the next.
    private struct Agenda {
        /// When the records without a checkpoint get one.
        var checkpointDue: ContinuousClock.Instant?

        /// When the next sync may be, if nobody waits for it.
        var syncDue = ContinuousClock.now

        /// When a rotation that failed is tried again.
        var rotationDue = ContinuousClock.now

        /// A checkpoint that is written but not yet synced, and so not yet the head.
        var newHead: Checkpoint?

        /// Whether the directory has a new name that is not on the disk.
        var directoryChanged = false
    }

    private static let retryInterval = Duration.milliseconds(100)

    /// The thread's work: syncs when there is something to sync, appends checkpoints, rotates, until the log is closed.
    func run() {
        var agenda = Agenda()
        while true {
            let (writer, failures, phase) = state.withLock { ($0.writer.summary, $0.failures, $0.phase) }
            guard phase == .open else { break }
            let now = ContinuousClock.now
            let uncovered = writer.sequence - writer.checkpointSequence
            // A checkpoint also probes, once in an interval, whether a disk that was full has room again.
            if agenda.checkpointDue == nil, uncovered > 0 || !failures.isEmpty {
                agenda.checkpointDue = now + options.checkpointInterval
            }
            if let due = agenda.checkpointDue, now >= due || uncovered >= UInt64(options.checkpointRecords) {
                writeCheckpoint(&agenda)
            }
            if writer.length >= options.segmentSize, now >= agenda.rotationDue { rotate(&agenda) }
            if !pauseBeforeSync(agenda) { sync(&agenda) }
        }
        finish(&agenda)
    }

    /// Waits while there is nothing to sync or it is not yet time to; `false` if it is time.
    private func pauseBeforeSync(_ agenda: Agenda) -> Bool {
        let now = ContinuousClock.now
        let attention: Attention? = state.withLock { state in
            guard state.phase == .open, state.waiters.isEmpty else { return nil }
            if state.writer.sequence == state.syncedSequence, agenda.newHead == nil {
                state.attention = .idle
            } else if now < agenda.syncDue {
                state.attention = .pausing
            } else {
                return nil
            }
            return state.attention
        }
        guard let attention else { return false }
        let deadlines = [agenda.checkpointDue, attention == .pausing ? agenda.syncDue : nil].compactMap { $0 }
        signal.wait(atMost: deadlines.min().map { ContinuousClock.now.duration(to: $0) })
        state.withLock { $0.attention = .busy }
        return true
    }

    private func writeCheckpoint(_ agenda: inout Agenda) {
        agenda.checkpointDue = nil
        do throws(KMSError) {
            let hasHealed: Bool
            (agenda.newHead, hasHealed) = try state.withLock { state throws(KMSError) in
                let checkpoint = try state.writer.appendCheckpoint(signedBy: signer, at: clock.now)
                // Under the lock under which a record fails: one that fails after the checkpoint is not forgotten with it.
                return (checkpoint, state.failures.remove(.write) != nil)
            }
            note(.checkpoint, nil)
            if hasHealed { tellHealed(.write) }
        } catch {
            agenda.checkpointDue = ContinuousClock.now + options.checkpointInterval
            note(.checkpoint, error)
        }
    }

    /// Syncs all that is written, then answers those who waited for it.
    private func sync(_ agenda: inout Agenda) {
        let (file, sequence) = state.withLock { ($0.writer.file, $0.writer.sequence) }
        let start = ContinuousClock.now
        var failure: KMSError?
        do throws(KMSError) {
            if agenda.directoryChanged {
                try directory.synchronize()
                agenda.directoryChanged = false
            }
            try file.synchronize()
        } catch {
            failure = error
        }
        agenda.syncDue = start + (failure == nil ? options.dataSyncInterval : Self.retryInterval)
        note(.sync, failure)
        if failure == nil { writeHead(&agenda) }
        settle(upTo: sequence, failure)
    }

    /// Answers those who wait for records up to `sequence`.
    private func settle(upTo sequence: UInt64, _ failure: KMSError?) {
        let answered = state.withLock { state in
            if failure == nil { state.syncedSequence = max(state.syncedSequence, sequence) }
            // Waiters stand in the order of their records.
            let count = state.waiters.firstIndex { $0.sequence > sequence } ?? state.waiters.count
            let answered = Array(state.waiters[..<count])
            state.waiters.removeSubrange(..<count)
            return answered
        }
        let result: Result<Void, KMSError> = failure.map { .failure($0) } ?? .success(())
        for waiter in answered { waiter.continuation.resume(returning: result) }
    }

    private func writeHead(_ agenda: inout Agenda) {
        guard let head = agenda.newHead else { return }
        do throws(KMSError) {
            try headFile.write(head)
            agenda.newHead = nil
            note(.head, nil)
        } catch {
            // The next checkpoint brings the next attempt; until then an older head stands, which is never wrong.
            agenda.newHead = nil
            note(.head, error)
        }
    }

    /// Ends the segment with a checkpoint and begins the next with the same.
    ///
    /// The old segment is on the disk before the new one has a name, so that a power failure cannot leave a gap between them.
    private func rotate(_ agenda: inout Agenda) {
        do throws(KMSError) {
            // Most of it now, so that records wait only for the rest.
            try state.withLock { $0.writer.file }.synchronize()
            agenda.newHead = try state.withLock { state throws(KMSError) in
                let checkpoint = try state.writer.appendCheckpoint(signedBy: signer, at: clock.now)
                try state.writer.file.synchronize()
                let line = checkpoint.line + [UInt8(ascii: "\n")]
                let segment = SegmentDirectory.Segment(firstSequence: state.writer.sequence + 1)
                let file = try directory.create(segment, beginning: line)
                state.writer.proceed(to: file, length: line.count)
                return checkpoint
            }
            agenda.directoryChanged = true
            agenda.checkpointDue = nil
            note(.rotation, nil)
        } catch {
            agenda.rotationDue = ContinuousClock.now + options.checkpointInterval
            note(.rotation, error)
        }
    }

    private func finish(_ agenda: inout Agenda) {
        let isCovered = state.withLock { $0.writer.sequence == $0.writer.checkpointSequence }
        if !isCovered { writeCheckpoint(&agenda) }
        sync(&agenda)
        let closers = state.withLock { state in
            state.phase = .closed
            state.lock = nil
            defer { state.closers = [] }
            return state.closers
        }
        for closer in closers { closer.resume() }
    }
}

extension SegmentWriter {
    /// What decides whether there is something to do.
    fileprivate var summary: (sequence: UInt64, checkpointSequence: UInt64, length: Int) {
        (sequence, checkpointSequence, length)
    }
}
