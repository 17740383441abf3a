import ClavigerCore
import ClavigerCrypto

/// Finds the end of a log and decides whether to go on there.
///
/// Reads the last segment from its last checkpoint on; what lies before costs nothing.
struct LogOpening {
    /// A log before its first record.
    static let genesisLink = [UInt8](repeating: 0, count: 32)

    let directory: SegmentDirectory
    let headFile: HeadFile
    let parent: OpenFile
    let signer: AuditSigner
    let macKey: HMACSHA256
    let clock: MicrosecondClock

    /// The end of the log, and what must be recorded about how it was found.
    func open(acceptingTamperedLog: Bool) throws(KMSError) -> (SegmentWriter, [AuditEvent]) {
        try directory.removeUnfinished()
        let segments = try directory.segments()
        do throws(KMSError) {
            let head = try headFile.read(verifiedBy: signer.publicKey)
            guard let last = segments.last else {
                if let head, head.sequence > 0 { throw .tamperedLog(logIsGone(head)) }
                return (try begin(after: 0), [])
            }
            return try proceed(in: last, head)
        } catch {
            guard acceptingTamperedLog, let fault = error.cause as? AuditFault else { throw error }
            let writer = try begin(after: try highestSequence(segments))
            return (writer, [.ofLog("audit.tamperingAccepted", time: clock.now, details: [fault.description])])
        }
    }

    private func logIsGone(_ head: Checkpoint) -> AuditFault {
        AuditFault(
            kind: .truncatedLog, file: directory.path, line: nil, sequences: 1...head.sequence,
            explanation: "there are no segments, the head attests record \(head.sequence)")
    }

    /// Makes a segment that begins a new chain.
    private func begin(after sequence: UInt64) throws(KMSError) -> SegmentWriter {
        let checkpoint = try signer.checkpoint(at: sequence, link: Self.genesisLink, time: clock.now)
        let line = checkpoint.line + [UInt8(ascii: "\n")]
        let file = try directory.create(.init(firstSequence: sequence + 1), beginning: line)
        try directory.synchronize()
        try headFile.write(checkpoint)
        // Later heads may be lost to a power failure and an older one stand; that there is one must not be.
        try parent.synchronizeAll()
        return SegmentWriter(
            file: file, length: line.count, sequence: sequence, link: Self.genesisLink, checkpointSequence: sequence,
            macKey: macKey)
    }

    private func proceed(
        in segment: SegmentDirectory.Segment, _ head: Checkpoint?
    ) throws(KMSError) -> (SegmentWriter, [AuditEvent]) {
        let file = try OpenFile(directory.path(of: segment), for: .appending)
        let size = try file.size()
        var start: Int?
        try file.forEachLineBackwards(from: size) { line, offset in
            guard line.starts(with: Checkpoint.linePrefix) else { return true }
            start = offset
            return false
        }
        guard let start else {
            throw .tamperedLog(
                AuditFault(
                    kind: .malformedLine, file: segment.name, line: 1, sequences: nil,
                    explanation: "the segment has no checkpoint"))
        }
        var checker = ChainChecker(publicKey: signer.publicKey, macKey: macKey, head: head)
        checker.file = segment.name
        var fault: AuditFault?
        let torn = try file.forEachLine(from: start) { line, _ in
            fault = checker.check(line)
            return fault == nil
        }
        fault = fault ?? checker.checkEnd()
        if fault == nil, head == nil, let last = checker.state?.sequence, last > 0 {
            fault = headFile.fault("there is no head, but the log has records up to \(last)")
        }
        if let fault { throw .tamperedLog(try locate(fault, in: file, after: start)) }
        guard let (sequence, link) = checker.state else {
            throw KMSError(.auditUnavailable, "\(file.path) changed while it was read")
        }
        let writer = SegmentWriter(
            file: file, length: size - torn, sequence: sequence, link: link,
            checkpointSequence: checker.coveredSequence,
            macKey: macKey)
        if head == nil {
            // The very first start was cut short before there was a head; later ones only replace it.
            try headFile.write(try signer.checkpoint(at: sequence, link: link, time: clock.now))
            try parent.synchronizeAll()
        }
        guard torn > 0 else { return (writer, []) }
        // A line without its end was never answered: the power failed while it was written.
        try file.truncate(to: size - torn)
        let details = ["file:\(segment.name)", "bytes:\(torn)"]
        return (writer, [.ofLog("audit.recovered", time: clock.now, details: details)])
    }

    /// The fault with the line's number in the whole file instead of after `start`.
    private func locate(_ fault: AuditFault, in file: OpenFile, after start: Int) throws(KMSError) -> AuditFault {
        guard let line = fault.line else { return fault }
        var before = 0
        try file.forEachLine { _, offset in
            guard offset < start else { return false }
            before += 1
            return true
        }
        return AuditFault(
            kind: fault.kind, file: fault.file, line: before + line, sequences: fault.sequences,
            explanation: fault.explanation)
    }

    /// A sequence that no record of the log has passed, as far as can be told of a log that was tampered with.
    private func highestSequence(_ segments: [SegmentDirectory.Segment]) throws(KMSError) -> UInt64 {
        var highest = segments.last?.firstSequence ?? 0
        if let head = try? headFile.read(verifiedBy: signer.publicKey) { highest = max(highest, head.sequence) }
        guard let last = segments.last else { return highest }
        try OpenFile(directory.path(of: last), for: .reading).forEachLine { line, _ in
            if let record = RecordLine(line) { highest = max(highest, record.sequence) }
            return true
        }
        return highest
    }
}
