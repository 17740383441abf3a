import ClavigerCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension OpenFile {
    /// The longest line that a log has; longer ones are no part of a log.
    static let longestLine = 1 << 20

    /// Gives `body` each line that begins at `offset` or later, without its newline, together with its own offset, until `body`
    /// returns `false`. Holds a few megabytes at most: of a line that is longer than ``longestLine`` it gives the beginning,
    /// then ends.
    ///
    /// - Returns: the bytes after the last newline, if `body` did not end the reading.
    @discardableResult
    func forEachLine(
        from start: Int = 0,
        _ body: (UnsafeRawBufferPointer, Int) throws(KMSError) -> Bool
    ) throws(KMSError) -> Int {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * Self.longestLine, alignment: 16)
        defer { buffer.deallocate() }
        var offset = start  // in the file, of the first byte in the buffer
        var filled = 0
        while true {
            let got = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]), at: offset + filled)
            let atEnd = got < buffer.count - filled
            filled += got
            let content = UnsafeRawBufferPointer(rebasing: buffer[..<filled])
            var line = 0
            while let length = content.lengthOfLine(at: line) {
                guard try body(UnsafeRawBufferPointer(rebasing: content[line..<line + length]), offset + line) else {
                    return 0
                }
                line += length + 1
            }
            if filled - line > Self.longestLine {
                _ = try body(UnsafeRawBufferPointer(rebasing: content[line...]), offset + line)
                return 0
            }
            if atEnd { return filled - line }
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: content[line...]))
            offset += line
            filled -= line
        }
    }

    /// Gives `body` each line before `end` from the last to the first, with its offset, until `body` returns `false`. Bytes
    /// after the
    /// last newline are no line and are left out.
    func forEachLineBackwards(
        from end: Int,
        _ body: (ArraySlice<UInt8>, Int) throws(KMSError) -> Bool
    ) throws(KMSError) {
        let step = 1 << 16
        let newline = UInt8(ascii: "\n")
        var start = end  // in the file, of the first byte in `tail`
        var tail: [UInt8] = []  // from `start` up to and with the newline that ends the last line not yet given
        var sawNewline = false
        while start > 0 {
            let count = min(step, start)
            var chunk = [UInt8](repeating: 0, count: count)
            start -= count
            guard try read(into: &chunk, at: start) == count else { return }  // the file became shorter
            if !sawNewline {
                guard let last = chunk.lastIndex(of: newline) else { continue }
                chunk.removeSubrange((last + 1)...)
                sawNewline = true
            }
            tail = chunk + tail
            var lineEnd = tail.count - 1
            while let before = tail[..<lineEnd].lastIndex(of: newline) {
                guard try body(tail[(before + 1)..<lineEnd], start + before + 1) else { return }
                lineEnd = before
            }
            tail.removeSubrange((lineEnd + 1)...)
        }
        if sawNewline { _ = try body(tail.dropLast(), 0) }
    }

    private func read(into bytes: inout [UInt8], at offset: Int) throws(KMSError) -> Int {
        var failure: KMSError?
        let count = bytes.withUnsafeMutableBytes { target in
            do throws(KMSError) { return try read(into: target, at: offset) } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return count
    }
}

extension UnsafeRawBufferPointer {
    /// Bytes from `start` to the next newline, or `nil` if there is none.
    fileprivate func lengthOfLine(at start: Int) -> Int? {
        guard start < count, let base = baseAddress else { return nil }
        guard let newline = memchr(base + start, 0x0A, count - start) else { return nil }
        return UnsafeRawPointer(newline) - (base + start)
    }
}
