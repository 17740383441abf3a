import ClavigerCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension OpenFile {
    /// Bytes that ``boundary(size:where:)`` leaves undecided.
    private static let boundaryPrecision = 1 << 14

    /// The first record that begins in `range`, and where; `nil` if there is none.
    func firstRecord(in range: Range<Int>) throws(KMSError) -> (offset: Int, head: RecordHead)? {
        var offset = range.lowerBound
        while let line = try firstLine(in: offset..<range.upperBound) {
            if let head = try head(at: line) { return (line, head) }
            offset = line + 1
        }
        return nil
    }

    /// Two records between which `isLater` becomes true, at the beginnings of their lines, found by halving.
    ///
    /// The answers must stand in order, false before true. Between the two stand a few kilobytes of records at most, about which
    /// nothing is known.
    ///
    /// - Returns: the last record known to be not later and the first known to be later; `nil` for one that there is not.
    func boundary(
        size: Int, where isLater: (RecordHead) -> Bool
    ) throws(KMSError) -> (before: Int?, after: Int?) {
        guard let first = try firstRecord(in: 0..<size) else { return (nil, nil) }
        if isLater(first.head) { return (nil, first.offset) }
        var (before, after) = (first.offset, Int?.none)
        var rest = first.offset..<size
        while rest.count > Self.boundaryPrecision {
            let middle = rest.lowerBound + rest.count / 2
            guard let (offset, head) = try firstRecord(in: middle..<rest.upperBound) else {
                rest = rest.lowerBound..<middle
                continue
            }
            if isLater(head) {
                after = offset
                rest = rest.lowerBound..<middle
            } else {
                before = offset
                rest = offset..<rest.upperBound
            }
        }
        return (before, after)
    }

    /// Where the first line begins in `range`.
    private func firstLine(in range: Range<Int>) throws(KMSError) -> Int? {
        if range.lowerBound == 0 { return range.isEmpty ? nil : 0 }
        var offset = range.lowerBound - 1
        var failure: KMSError?
        let found = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 16) { buffer -> Int? in
            do throws(KMSError) {
                while offset < range.upperBound - 1 {
                    let count = try read(into: buffer, at: offset)
                    if let newline = buffer[..<count].firstIndex(of: UInt8(ascii: "\n")) {
                        let line = offset + newline + 1
                        return line < range.upperBound ? line : nil
                    }
                    guard count == buffer.count else { return nil }
                    offset += count
                }
            } catch {
                failure = error
            }
            return nil
        }
        if let failure { throw failure }
        return found
    }

    private func head(at offset: Int) throws(KMSError) -> RecordHead? {
        var failure: KMSError?
        let head = withUnsafeTemporaryAllocation(byteCount: RecordHead.longest, alignment: 16) {
            buffer -> RecordHead? in
            do throws(KMSError) {
                let count = try read(into: buffer, at: offset)
                return RecordHead(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            } catch {
                failure = error
                return nil
            }
        }
        if let failure { throw failure }
        return head
    }
}
