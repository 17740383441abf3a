/// What a record's line begins with: `{"seq":N,"time":T,`.
struct RecordHead: Hashable, Sendable {
    /// As many bytes of a line suffice: two numbers of 19 digits and what stands around them.
    static let longest = 64

    let sequence: UInt64

    /// In microseconds since 1970-01-01 UTC.
    let time: Int64

    /// `nil` if the line is no record, or is cut off here.
    init?(_ line: UnsafeRawBufferPointer) {
        var start = LineScanner(line)
        guard start.skip(RecordLine.prefix), let sequence = start.number(), start.skip(#","time":"#),
            let time = start.number(), start.skip(",")
        else { return nil }
        self.sequence = sequence
        self.time = Int64(time)  // the scanner takes no number that does not fit
    }
}
