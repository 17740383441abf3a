package import ClavigerCore
import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Finds records in a log, which may be one that is being written. Verifies nothing; lines that are no records are passed over.
///
/// Reads from the newest record backwards, until it has found as many as are asked for. Keeps its thread busy for about
/// a tenth of a second for each million records that it has to look through; times and sequence numbers limit which those are.
package struct AuditSearch: Sendable {
    /// How much earlier a record's time may be than that of any record before it, in microseconds.
    ///
    /// Calls are recorded when they end, with the time when they arrived; and clocks are set.
    private static let timeSlack: Int64 = 600 * 1_000_000

    private let directory: String

    package init(directory: String) { self.directory = directory }

    /// The last records that `filter` asks for.
    ///
    /// - Throws: `.auditUnavailable` if the log cannot be read.
    package func run(_ filter: AuditFilter) throws(KMSError) -> AuditSearchResult {
        guard filter.limit > 0 else { return AuditSearchResult(records: [], next: filter.before) }
        let files = try SegmentDirectory(directory)
        let segments = try files.segments()
        var scan = LogScan(filter)
        for segment in segments[..<(try Self.count(of: segments, in: files, for: filter))].reversed() {
            let file = try OpenFile(files.path(of: segment), for: .reading)
            let (range, isFirst) = try Self.part(of: file, for: filter)
            var windows = LineWindows(file, in: range)
            while let window = try windows.next() {
                scan.add(window)
                guard scan.isFull else { continue }
                let isAll = scan.lastSequence == segments[0].firstSequence
                return AuditSearchResult(records: scan.records, next: isAll ? nil : scan.lastSequence)
            }
            if isFirst { break }
        }
        return AuditSearchResult(records: scan.records, next: nil)
    }

    /// How many of the segments, from the first on, may hold such records.
    private static func count(
        of segments: [SegmentDirectory.Segment], in files: SegmentDirectory, for filter: AuditFilter
    ) throws(KMSError) -> Int {
        var counts = 0...segments.count
        while let last = segments[..<counts.upperBound].last, counts.count > 1 {
            // Rounded up, so that the segment asked about is one of those in question.
            let count = counts.lowerBound + counts.count / 2
            let segment = count == counts.upperBound ? last : segments[count - 1]
            if try isLater(segment, in: files, than: filter) {
                counts = counts.lowerBound...(count - 1)
            } else {
                counts = count...counts.upperBound
            }
        }
        return counts.lowerBound
    }

    /// Whether all records of a segment are known to be too late.
    private static func isLater(
        _ segment: SegmentDirectory.Segment, in files: SegmentDirectory, than filter: AuditFilter
    ) throws(KMSError) -> Bool {
        if let before = filter.before, segment.firstSequence >= before { return true }
        guard filter.to != nil else { return false }
        let file = try OpenFile(files.path(of: segment), for: .reading)
        guard let first = try file.firstRecord(in: 0..<(try file.size())) else { return false }
        return isLater(first.head, than: filter)
    }

    /// The part of a segment that may hold such records, and whether none before it can.
    private static func part(
        of file: OpenFile, for filter: AuditFilter
    ) throws(KMSError) -> (range: Range<Int>, isFirst: Bool) {
        var (start, end) = (Int?.none, try file.size())
        if filter.before != nil || filter.to != nil {
            end = try file.boundary(size: end) { isLater($0, than: filter) }.after ?? end
        }
        if filter.from != nil {
            start = try file.boundary(size: end) { !isEarlier($0, than: filter) }.before
        }
        return ((start ?? 0)..<end, start != nil)
    }

    /// Whether this record and all after it are too late.
    private static func isLater(_ head: RecordHead, than filter: AuditFilter) -> Bool {
        if let before = filter.before, head.sequence >= before { return true }
        guard let to = filter.to else { return false }
        let (limit, overflow) = to.addingReportingOverflow(timeSlack)
        return !overflow && head.time >= limit
    }

    /// Whether this record and all before it are too early.
    private static func isEarlier(_ head: RecordHead, than filter: AuditFilter) -> Bool {
        guard let from = filter.from else { return false }
        let (limit, overflow) = from.subtractingReportingOverflow(timeSlack)
        return !overflow && head.time < limit
    }
}
