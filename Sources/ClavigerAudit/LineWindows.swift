import ClavigerCore

/// Reads a part of a segment in windows of whole lines, the last window first.
///
/// Reads instead of mapping the file: a writer that cuts off half a line would kill who has it mapped.
struct LineWindows: ~Copyable {
    /// The first window is small, since what is asked for is often among the last records; the others fit a core's cache.
    private static let smallest = 1 << 16
    private static let usual = 1 << 19
    private static let largest = 2 * OpenFile.longestLine
    private static let newline = UInt8(ascii: "\n")

    private let file: OpenFile
    private let start: Int
    private var end: Int
    private var size = Self.smallest
    private let buffer: UnsafeMutableRawBufferPointer

    /// - Parameter range: from the beginning of a line to the beginning of another one, or to the end of the file.
    init(_ file: OpenFile, in range: Range<Int>) {
        self.file = file
        start = range.lowerBound
        end = range.upperBound
        buffer = .allocate(byteCount: Self.largest, alignment: 64)
    }

    deinit { buffer.deallocate() }

    /// The lines before those of the last call, each with its newline; `nil` if there are no more. Valid until the next call.
    ///
    /// Leaves out bytes after the last newline, and what is longer than any line of a log.
    mutating func next() throws(KMSError) -> UnsafeRawBufferPointer? {
        while end > start {
            let windowStart = max(start, end - size)
            let target = UnsafeMutableRawBufferPointer(rebasing: buffer[..<(end - windowStart)])
            let count = try file.read(into: target, at: windowStart)
            let content = UnsafeRawBufferPointer(rebasing: target[..<count])
            guard let last = content.lastIndex(of: Self.newline) else {
                end = windowStart
                continue
            }
            var first = 0
            if windowStart > start {
                // The buffer has a newline, at `last` if nowhere else.
                first = (content.firstIndex(of: Self.newline) ?? last) + 1
            }
            if first <= last {
                end = windowStart + first
                size = min(2 * size, max(size, Self.usual))
                return UnsafeRawBufferPointer(rebasing: content[first...last])
            }
            // One line that begins before the window.
            if size < Self.largest { size = min(2 * size, Self.largest) } else { end = windowStart }
        }
        return nil
    }
}
