/// What is wrong with a log, and where.
package struct AuditFault: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, CaseIterable, Sendable {
        /// A line is neither a record nor a checkpoint.
        case malformedLine
        /// One or more records are not what they were when a later checkpoint was signed, or when the record was written.
        case editedRecord
        /// Records are missing between others.
        case missingRecords
        case reorderedRecord
        case duplicateRecord
        /// A checkpoint was changed, or was signed by another key.
        case badSignature
        /// A segment file is missing, was renamed, or does not begin where the one before ends.
        case missingSegment
        /// The log ends before the head does, or within a line.
        case truncatedLog
        /// The head file is missing or is no checkpoint of this log's key.
        case badHead
    }

    package let kind: Kind

    /// The file's name; without its directory.
    package let file: String

    /// Counted from 1; `nil` if the fault is not in a line.
    package let line: Int?

    /// The records concerned: one, if it is known which, otherwise those among which it is.
    package let sequences: ClosedRange<UInt64>?
    package let explanation: String

    package var description: String {
        var place = file
        if let line { place += ":\(line)" }
        if let sequences {
            let isOne = sequences.lowerBound == sequences.upperBound
            place +=
                isOne
                ? ", record \(sequences.lowerBound)" : ", records \(sequences.lowerBound) to \(sequences.upperBound)"
        }
        return "\(place): \(explanation)"
    }
}
