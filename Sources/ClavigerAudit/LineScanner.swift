import ClavigerCrypto

/// Reads the fixed parts of a log's line from front to back.
struct LineScanner {
    private let line: UnsafeRawBufferPointer
    private var at = 0

    init(_ line: UnsafeRawBufferPointer) { self.line = line }

    var isAtEnd: Bool { at == line.count }

    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard line.count - at >= count else { return false }
        for index in 0..<count where line[at + index] != text.utf8Start[index] { return false }
        at += count
        return true
    }

    /// A decimal number below 2^63, written without needless zeros.
    mutating func number() -> UInt64? {
        let start = at
        var value: UInt64 = 0
        while at < line.count, 48...57 ~= line[at] {
            guard value < 922_337_203_685_477_580 else { return nil }
            value = value * 10 + UInt64(line[at] - 48)
            at += 1
        }
        guard at > start, at == start + 1 || line[start] != 48 else { return nil }
        return value
    }

    mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard line.count - at >= count else { return nil }
        defer { at += count }
        return UnsafeRawBufferPointer(rebasing: line[at..<at + count])
    }

    mutating func hex(_ count: Int) -> [UInt8]? {
        guard let text = take(2 * count) else { return nil }
        return Hex.decode(text)
    }
}
