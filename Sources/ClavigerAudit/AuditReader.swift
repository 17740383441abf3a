package import ClavigerCore

/// The last events of a log, then, if it is followed, those that come, across segments. Verifies nothing.
///
/// Gives each record's line as it is in the file. The log's writer needs not be running.
package struct AuditReader: AsyncSequence, Sendable {
    package typealias Element = String
    package typealias Failure = KMSError

    private let directory: String
    private let count: Int
    private let isFollowing: Bool
    private let pollInterval: Duration

    /// - Parameters:
    ///   - last: how many of the events that are there to begin with.
    ///   - following: whether to wait for more; the sequence then ends only when its task is cancelled.
    package init(
        directory: String, last count: Int, following isFollowing: Bool, pollInterval: Duration = .milliseconds(200)
    ) {
        self.directory = directory
        self.count = count
        self.isFollowing = isFollowing
        self.pollInterval = pollInterval
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(directory: directory, count: count, isFollowing: isFollowing, pollInterval: pollInterval)
    }
}

extension AuditReader {
    /// A place in the log.
    package struct Iterator: AsyncIteratorProtocol {
        /// As many bytes are read ahead at most.
        private static let readAhead = 1 << 20

        private let directory: String
        private let count: Int
        private let isFollowing: Bool
        private let pollInterval: Duration

        private var segment: SegmentDirectory.Segment?
        private var file: OpenFile?
        /// Where the first line begins that was not yet read.
        private var offset = 0
        private var lines: ArraySlice<String> = []
        private var hasBegun = false

        init(directory: String, count: Int, isFollowing: Bool, pollInterval: Duration) {
            self.directory = directory
            self.count = count
            self.isFollowing = isFollowing
            self.pollInterval = pollInterval
        }

        package mutating func next() async throws(KMSError) -> String? {
            try await next(isolation: nil)
        }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws(KMSError) -> String? {
            if !hasBegun {
                try begin()
                hasBegun = true
            }
            while true {
                if let line = lines.popFirst() { return line }
                if try readLines() { continue }
                if try proceed() { continue }
                guard isFollowing else { return nil }
                do { try await Task.sleep(for: pollInterval) } catch { return nil }
            }
        }

        /// Goes to the first of the last `count` records.
        private mutating func begin() throws(KMSError) {
            let files = try SegmentDirectory(directory)
            var missing = count
            for segment in try files.segments().reversed() {
                let file = try OpenFile(files.path(of: segment), for: .reading)
                let size = try file.size()
                var start = size
                try file.forEachLineBackwards(from: size) { line, offset in
                    if start == size { start = offset + line.count + 1 }
                    guard missing > 0 else { return false }
                    start = offset
                    if line.isRecord { missing -= 1 }
                    return missing > 0
                }
                (self.segment, self.file, offset) = (segment, file, start)
                guard missing > 0 else { return }
            }
        }

        /// Reads on in the segment; `false` if there is no further line yet.
        private mutating func readLines() throws(KMSError) -> Bool {
            guard let file else { return false }
            var read: [String] = []
            let start = offset
            var end = start
            try file.forEachLine(from: start) { line, offset in
                end = offset + line.count + 1
                if line.isRecord { read.append(String(decoding: line, as: UTF8.self)) }
                return end - start < Self.readAhead
            }
            offset = end
            lines = read[...]
            return end > start
        }

        /// Goes to the next segment, if there is one and this one is at its end.
        private mutating func proceed() throws(KMSError) -> Bool {
            let files = try SegmentDirectory(directory)
            let next = try files.segments().first { $0.firstSequence > segment?.firstSequence ?? 0 }
            guard let next else { return false }
            // What was written between the last look and the beginning of the next segment.
            if try readLines() { return true }
            (segment, file, offset) = (next, try OpenFile(files.path(of: next), for: .reading), 0)
            return true
        }
    }
}

extension Collection<UInt8> {
    /// Whether a line is no checkpoint.
    fileprivate var isRecord: Bool { starts(with: [UInt8](#"{"seq":"#.utf8)) }
}
