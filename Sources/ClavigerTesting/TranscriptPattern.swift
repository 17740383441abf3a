/// A text of a transcript in angle brackets: its kind, and what follows it behind colons.
struct TranscriptPattern {
    let kind: String
    let parts: [String]

    /// - Returns: `nil` for a text without angle brackets around it.
    init?(_ content: String) {
        guard content.count > 2, content.hasPrefix("<"), content.hasSuffix(">") else { return nil }
        let words = content.dropFirst().dropLast().split(separator: ":", omittingEmptySubsequences: false)
            .map(String.init)
        kind = words[0]
        parts = Array(words.dropFirst())
    }

    func part(_ index: Int) throws(TranscriptFault) -> String {
        guard parts.indices.contains(index) else { throw TranscriptFault("<\(kind)> has \(index + 1) parts or more") }
        return parts[index]
    }

    func number(_ index: Int) throws(TranscriptFault) -> Int {
        guard let number = Int(try part(index)) else { throw TranscriptFault("\(parts[index]) is no number") }
        return number
    }

    /// With which byte samples begin; 1 unless something is said.
    func start(_ index: Int) throws(TranscriptFault) -> Int {
        parts.indices.contains(index) ? try number(index) : 1
    }

    /// So many bytes, always the same ones, or others that begin with the number behind.
    func sample(_ index: Int) throws(TranscriptFault) -> [UInt8] {
        SampleBytes.make(try number(index), start: try start(index + 1))
    }

    /// A number, or two with a dash between.
    func range(_ index: Int) throws(TranscriptFault) -> ClosedRange<Int> {
        let bounds = try part(index).split(separator: "-").map { Int($0) }
        switch (bounds.first ?? nil, bounds.last ?? nil) {
        case (let low?, let high?) where low <= high && bounds.count <= 2: return low...high
        default: throw TranscriptFault("\(parts[index]) is no range")
        }
    }
}
