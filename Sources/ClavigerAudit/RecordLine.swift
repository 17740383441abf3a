/// The parts of a record's line: `{"seq":N,…` is the content, `,"mac":"…"}` follows it. See `docs/audit-format.md`.
struct RecordLine {
    static let prefix: StaticString = #"{"seq":"#
    static let macPrefix: StaticString = #","mac":""#
    static let macSuffix: StaticString = #""}"#

    /// Bytes from the end of the content to the end of the line.
    static let macCount = 8 + 64 + 2

    let sequence: UInt64
    let content: UnsafeRawBufferPointer
    /// 64 hexadecimal digits.
    let mac: UnsafeRawBufferPointer

    /// `nil` if the line is no record.
    init?(_ line: UnsafeRawBufferPointer) {
        guard line.count > Self.macCount, line.count <= OpenFile.longestLine else { return nil }
        var start = LineScanner(line)
        guard start.skip(Self.prefix), let sequence = start.number(), sequence > 0, start.skip(",") else { return nil }
        let contentCount = line.count - Self.macCount
        var end = LineScanner(UnsafeRawBufferPointer(rebasing: line[contentCount...]))
        guard end.skip(Self.macPrefix), let mac = end.take(64), end.skip(Self.macSuffix) else { return nil }
        self.sequence = sequence
        self.mac = mac
        content = UnsafeRawBufferPointer(rebasing: line[..<contentCount])
    }
}
