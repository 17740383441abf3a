package import ClavigerCore
package import ClavigerCrypto

/// Verifies a log off line, from its files and the public key alone.
package struct AuditVerifier: Sendable {
    /// Where the verification begins.
    package enum Start: Hashable, Sendable {
        /// With the first record of all.
        case genesis
        /// With the oldest segment that is there; older ones were archived. The signature of its first line vouches for where
        /// it begins.
        case oldestSegment
        /// With the segment whose first record is this one.
        case segment(firstSequence: UInt64)
    }

    /// What was found. The counts end where the fault is.
    package struct Report: Hashable, Sendable {
        /// The first record looked at and the last one that a checkpoint or the head covers; `nil` if there is none.
        package var firstSequence: UInt64?
        package var lastVerifiedSequence: UInt64?
        package var eventCount = 0
        package var segmentCount = 0
        package var checkpointCount = 0

        /// Records after the last checkpoint. Of a log that is being written there may be about a second's worth.
        package var uncoveredCount = 0

        /// Bytes after the last newline: a line in the making, or what a power failure left of one.
        package var unfinishedBytes = 0

        /// The first thing that is wrong.
        package var fault: AuditFault?
    }

    private let publicKey: AuditPublicKey
    private let macKey: HMACSHA256?

    /// - Parameter macKey: if given, each record's authentication code is verified too, which finds the very record that was
    ///   edited and
    ///   covers those after the last checkpoint.
    package init(publicKey: AuditPublicKey, macKey: KeyMaterial? = nil) {
        self.publicKey = publicKey
        self.macKey = macKey.map { HMACSHA256(key: $0) }
    }

    /// Reads the whole log, or from `start` on.
    ///
    /// - Parameter head: the path of the head file; without it, a log that was cut at the end of a line looks complete.
    /// - Throws: only if the files cannot be read; what is wrong in them is in the report.
    package func verify(directory: String, head: String? = nil, from start: Start = .genesis) throws(KMSError) -> Report
    {
        var report = Report()
        let headCheckpoint: Checkpoint?
        do throws(KMSError) {
            // Read first: a log that is being written is at least as long as any head read before it.
            headCheckpoint = try head.map { path throws(KMSError) in try readHead(HeadFile(path: path)) }
        } catch {
            guard let fault = error.cause as? AuditFault else { throw error }
            report.fault = fault
            return report
        }
        let files = try SegmentDirectory(directory)
        var checker = ChainChecker(publicKey: publicKey, macKey: macKey, head: headCheckpoint)
        checker.file = directory
        report.fault = try verify(try segments(of: files, from: start), in: files, start, &checker, &report)
        report.eventCount = checker.recordCount
        report.checkpointCount = checker.checkpointCount
        if let last = checker.state?.sequence {
            if checker.coveredSequence > 0 { report.lastVerifiedSequence = checker.coveredSequence }
            report.uncoveredCount = Int(last - min(last, checker.coveredSequence))
        }
        return report
    }

    private func readHead(_ file: HeadFile) throws(KMSError) -> Checkpoint {
        guard let head = try file.read(verifiedBy: publicKey) else {
            throw .tamperedLog(file.fault("there is no such file"))
        }
        return head
    }

    private func segments(
        of directory: SegmentDirectory, from start: Start
    ) throws(KMSError) -> [SegmentDirectory.Segment] {
        let segments = try directory.segments()
        guard case .segment(let first) = start else { return segments }
        return segments.filter { $0.firstSequence >= first }
    }

    private func verify(
        _ segments: [SegmentDirectory.Segment], in directory: SegmentDirectory, _ start: Start,
        _ checker: inout ChainChecker,
        _ report: inout Report
    ) throws(KMSError) -> AuditFault? {
        if let fault = firstSegmentFault(segments.first, start, checker) { return fault }
        report.firstSequence = segments.first?.firstSequence
        for (index, segment) in segments.enumerated() {
            report.segmentCount += 1
            let file = try OpenFile(directory.path(of: segment), for: .reading)
            let (fault, unfinished) = try verify(segment, file, &checker)
            if let fault { return fault }
            if index == segments.count - 1 {
                report.unfinishedBytes = unfinished
            } else if unfinished > 0 {
                checker.line += 1
                return checker.fault(.truncatedLog, nil, "the line does not end, but another segment follows")
            }
        }
        return checker.checkEnd()
    }

    private func firstSegmentFault(
        _ first: SegmentDirectory.Segment?, _ start: Start, _ checker: ChainChecker
    ) -> AuditFault? {
        let expected: UInt64? =
            switch start {
            case .genesis: 1
            case .oldestSegment: nil
            case .segment(let first): first
            }
        guard let first else {
            return AuditFault(
                kind: .missingSegment, file: checker.file, line: nil, sequences: nil,
                explanation: "there are no segments")
        }
        guard let expected, first.firstSequence != expected else { return nil }
        return AuditFault(
            kind: .missingSegment, file: first.name, line: nil,
            sequences: expected < first.firstSequence ? expected...first.firstSequence - 1 : nil,
            explanation: "they are missing: this is the oldest segment")
    }

    private func verify(
        _ segment: SegmentDirectory.Segment, _ file: OpenFile, _ checker: inout ChainChecker
    ) throws(KMSError) -> (AuditFault?, unfinished: Int) {
        var fault: AuditFault?
        var lookedFor: UInt64?
        let before = checker.state?.sequence
        checker.file = segment.name
        checker.line = 0
        let unfinished = try file.forEachLine { line, offset in
            if let sequence = lookedFor {
                // A record that is not missing but stands further down was moved.
                guard RecordLine(line)?.sequence == sequence, let found = fault else { return true }
                fault = AuditFault(
                    kind: .reorderedRecord, file: found.file, line: found.line, sequences: sequence...sequence,
                    explanation: "the record stands further down")
                return false
            }
            fault = offset == 0 ? checkOpening(line, segment, before, &checker) : checker.check(line)
            guard let found = fault else { return true }
            guard found.kind == .missingRecords, let first = found.sequences?.lowerBound else { return false }
            lookedFor = first
            return true
        }
        if fault == nil, checker.line == 0 {
            fault = AuditFault(
                kind: .truncatedLog, file: segment.name, line: 1, sequences: nil,
                explanation: "the segment does not begin with a checkpoint")
        }
        return (fault, unfinished)
    }

    /// Checks a segment's first line: the checkpoint that says where it begins, which its name says too.
    private func checkOpening(
        _ line: UnsafeRawBufferPointer, _ segment: SegmentDirectory.Segment, _ before: UInt64?,
        _ checker: inout ChainChecker
    ) -> AuditFault? {
        if let checkpoint = Checkpoint(line: line), checkpoint.isSigned(by: publicKey) {
            checker.line = 1
            if let before, checkpoint.sequence > before {
                return checker.fault(
                    .missingSegment, before + 1...checkpoint.sequence, "they are missing before this segment")
            }
            guard checkpoint.sequence + 1 == segment.firstSequence else {
                return checker.fault(
                    .missingSegment, nil, "the segment begins with record \(checkpoint.sequence + 1), unlike its name")
            }
            checker.line = 0
            if checkpoint.sequence == 0, checkpoint.link != LogOpening.genesisLink {
                checker.line = 1
                return checker.fault(.editedRecord, nil, "the log does not begin as logs do")
            }
        } else if RecordLine(line) != nil {
            checker.line = 1
            return checker.fault(.missingSegment, nil, "the segment does not begin with a checkpoint")
        }
        return checker.check(line)
    }
}
