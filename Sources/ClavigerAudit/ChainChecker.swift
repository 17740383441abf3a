import ClavigerCrypto

/// Follows the chain line by line and tells the first line that does not continue it.
struct ChainChecker {
    let publicKey: AuditPublicKey
    let macKey: HMACSHA256?
    let head: Checkpoint?

    /// The file whose lines come next.
    var file = ""

    /// Line numbers count from here, for a file whose beginning was left out.
    var line = 0

    /// The chain after the last line; `nil` before the first checkpoint, which is believed if its signature is right.
    private(set) var state: (sequence: UInt64, link: [UInt8])?

    /// The last record that a checkpoint or the head covers.
    private(set) var coveredSequence: UInt64 = 0
    private(set) var recordCount = 0
    private(set) var checkpointCount = 0

    init(publicKey: AuditPublicKey, macKey: HMACSHA256?, head: Checkpoint?) {
        self.publicKey = publicKey
        self.macKey = macKey
        self.head = head
    }

    func fault(_ kind: AuditFault.Kind, _ sequences: ClosedRange<UInt64>?, _ explanation: String) -> AuditFault {
        AuditFault(kind: kind, file: file, line: line, sequences: sequences, explanation: explanation)
    }

    /// Takes the next line, without its newline.
    mutating func check(_ bytes: UnsafeRawBufferPointer) -> AuditFault? {
        line += 1
        if bytes.starts(with: Checkpoint.linePrefix) { return checkCheckpoint(bytes) }
        guard let record = RecordLine(bytes) else {
            return fault(.malformedLine, nil, "this is neither a record nor a checkpoint")
        }
        return checkRecord(record, bytes)
    }

    private mutating func checkCheckpoint(_ bytes: UnsafeRawBufferPointer) -> AuditFault? {
        guard let checkpoint = Checkpoint(line: bytes) else {
            return fault(.malformedLine, nil, "this is no well-formed checkpoint")
        }
        guard checkpoint.isSigned(by: publicKey) else { return badSignature(checkpoint) }
        checkpointCount += 1
        if let state {
            if let fault = compare(checkpoint, state) { return fault }
        } else {
            state = (checkpoint.sequence, checkpoint.link)
        }
        coveredSequence = max(coveredSequence, checkpoint.sequence)
        return checkHead()
    }

    private func badSignature(_ checkpoint: Checkpoint) -> AuditFault {
        let names = "\(Hex.string(checkpoint.keyID)), not \(Hex.string(publicKey.id))"
        return fault(
            .badSignature, checkpoint.sequence...checkpoint.sequence,
            checkpoint.keyID == publicKey.id
                ? "the checkpoint's signature is wrong" : "the checkpoint is signed by another key: \(names)")
    }

    private func compare(_ checkpoint: Checkpoint, _ state: (sequence: UInt64, link: [UInt8])) -> AuditFault? {
        if checkpoint.sequence > state.sequence {
            let missing = state.sequence + 1...checkpoint.sequence
            return fault(.missingRecords, missing, "they are missing before this checkpoint")
        }
        if checkpoint.sequence < state.sequence {
            return fault(
                .reorderedRecord, checkpoint.sequence + 1...state.sequence,
                "they stand before a checkpoint that was signed before they were written")
        }
        guard checkpoint.link == state.link else {
            let suspects = min(coveredSequence + 1, state.sequence)...state.sequence
            return fault(.editedRecord, suspects, "what is here is not what this checkpoint was signed over")
        }
        return nil
    }

    private mutating func checkRecord(_ record: RecordLine, _ bytes: UnsafeRawBufferPointer) -> AuditFault? {
        let sequence = record.sequence
        guard let state else {
            return fault(.missingSegment, sequence...sequence, "a record stands where a checkpoint must")
        }
        guard sequence == state.sequence + 1 else { return outOfOrder(sequence, after: state.sequence) }
        if let macKey {
            let mac = state.link.withUnsafeBytes { macKey.code(for: $0, record.content) }
            guard Hex.string(mac).utf8.elementsEqual(record.mac) else {
                return fault(.editedRecord, sequence...sequence, "the record's authentication code is wrong")
            }
        }
        var hash = SHA256Hasher()
        state.link.withUnsafeBytes { hash.update($0) }
        hash.update(bytes)
        self.state = (sequence, hash.finalize().bytes)
        recordCount += 1
        return checkHead()
    }

    private func outOfOrder(_ sequence: UInt64, after last: UInt64) -> AuditFault {
        if sequence == last { return fault(.duplicateRecord, sequence...sequence, "the record is here twice") }
        if sequence < last { return fault(.reorderedRecord, sequence...sequence, "the record follows record \(last)") }
        return fault(.missingRecords, last + 1...sequence - 1, "they are missing before record \(sequence)")
    }

    /// Compares the chain with the head where it is as long as the head's.
    private mutating func checkHead() -> AuditFault? {
        guard let head, let state, head.sequence == state.sequence else { return nil }
        guard head.link == state.link else {
            let suspects = min(coveredSequence + 1, state.sequence)...state.sequence
            return fault(.editedRecord, suspects, "what is here is not what the head was signed over")
        }
        coveredSequence = max(coveredSequence, head.sequence)
        return nil
    }

    /// Whether the log, which ends here, is as long as the head says.
    func checkEnd() -> AuditFault? {
        guard let head, let last = state?.sequence, head.sequence > last else { return nil }
        return AuditFault(
            kind: .truncatedLog, file: file, line: line, sequences: last + 1...head.sequence,
            explanation: "they are missing: the log ends at record \(last), the head attests record \(head.sequence)")
    }
}
