import ClavigerCrypto

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Gathers the records that a filter asks for, from windows of lines that are given to it from the last to the first.
struct LogScan {
    /// As much of the first window tells what is rare in this log.
    private static let largestSample = 1 << 16
    private static let newline = UInt8(ascii: "\n")

    private let filter: AuditFilter

    /// What each line must hold, the rarest first, and what none may hold; made when the first window comes.
    private var patterns: [BytePattern]?
    private var forbidden: BytePattern?

    /// Where the lines stand in the window that may be asked for; kept to save its memory.
    private var candidates: [Range<Int>] = []

    /// The lines found, the newest first.
    private(set) var records: [String] = []
    private(set) var lastSequence: UInt64?

    init(_ filter: AuditFilter) { self.filter = filter }

    var isFull: Bool { records.count >= filter.limit }

    /// Looks through whole lines, each with its newline, from the last to the first until there are enough records.
    mutating func add(_ window: UnsafeRawBufferPointer) {
        if patterns == nil { learn(from: UnsafeRawBufferPointer(rebasing: window.prefix(Self.largestSample))) }
        let patterns = patterns ?? []
        gather(from: window, patterns.first)
        let others = patterns.dropFirst()
        for range in candidates.reversed() where !isFull {
            let line = UnsafeRawBufferPointer(rebasing: window[range])
            guard let head = RecordHead(line), filter.matches(head) else { continue }
            if let forbidden, forbidden.occurs(in: line) { continue }
            guard others.allSatisfy({ $0.occurs(in: line) }) else { continue }
            // Needles may stand in other members than the filter means.
            guard let record = try? JSONParser.parse(Array(line)), filter.matches(record) else { continue }
            records.append(String(decoding: line, as: UTF8.self))
            lastSequence = head.sequence
        }
    }

    private mutating func learn(from sample: UnsafeRawBufferPointer) {
        let frequencies = BytePattern.frequencies(in: sample)
        patterns = filter.needles.map { BytePattern($0, frequencies: frequencies) }
            .map { (pattern: $0, count: $0.count(in: sample)) }
            .sorted { $0.count < $1.count }
            .map(\.pattern)
        forbidden = filter.forbidden.map { BytePattern($0, frequencies: frequencies) }
    }

    /// Finds the lines with the pattern in them, or all lines if there is none.
    private mutating func gather(from window: UnsafeRawBufferPointer, _ pattern: BytePattern?) {
        candidates.removeAll(keepingCapacity: true)
        var at = 0
        while at < window.count {
            var start = at
            if let pattern {
                guard let found = pattern.firstIndex(in: window, from: at) else { return }
                start = window[at..<found].lastIndex(of: Self.newline).map { $0 + 1 } ?? at
                at = found
            }
            let end = Self.endOfLine(in: window, from: at)
            candidates.append(start..<end)
            at = end + 1
        }
    }

    private static func endOfLine(in window: UnsafeRawBufferPointer, from start: Int) -> Int {
        guard let base = window.baseAddress, let newline = memchr(base + start, Int32(newline), window.count - start)
        else { return window.count }
        return UnsafeRawPointer(newline) - base
    }
}
