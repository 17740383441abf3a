/// A pattern of text: `*` stands for any text, also none, and `?`, where the language has it, for one character.
package struct Glob: Hashable, Sendable {
    /// What stands for something else.
    package enum Wildcards: Sendable {
        case asterisk
        case asteriskAndQuestionMark
    }

    /// What stands before, between and behind asterisks.
    private struct Segment: Hashable {
        let range: Range<Int>
        let hasQuestionMarks: Bool
    }

    /// The segments one behind the other.
    private let letters: [UInt8]
    private let segments: [Segment]

    /// For each letter, how many letters up to it, not all, begin their segment as well; the failure table of Knuth,
    /// Morris and Pratt ("Fast pattern matching in strings", 1977). Empty where nothing is searched.
    private let failures: [Int32]

    package init(_ text: some Sequence<UInt8>, _ wildcards: Wildcards) {
        var letters: [UInt8] = []
        var segments: [Segment] = []
        let parts = Array(text).split(separator: Self.asterisk, omittingEmptySubsequences: false)
        // Asterisks side by side have nothing between them to look for.
        for (index, part) in parts.enumerated() where !part.isEmpty || index == 0 || index == parts.count - 1 {
            let hasQuestionMarks = wildcards == .asteriskAndQuestionMark && part.contains(Self.questionMark)
            let start = letters.count
            letters.append(contentsOf: part)
            segments.append(Segment(range: start..<letters.count, hasQuestionMarks: hasQuestionMarks))
        }
        var failures: [Int32] = []
        if segments.count > 2 {
            failures = Array(repeating: 0, count: letters.count)
            for segment in segments.dropFirst().dropLast() where !segment.hasQuestionMarks {
                Self.fill(&failures, segment.range, letters)
            }
        }
        self.letters = letters
        self.segments = segments
        self.failures = failures
    }

    package init(_ text: String, _ wildcards: Wildcards) { self.init(text.utf8, wildcards) }

    /// Whether the text has wildcards at all.
    package static func isPattern(_ text: String, _ wildcards: Wildcards) -> Bool {
        text.utf8.contains { $0 == asterisk || wildcards == .asteriskAndQuestionMark && $0 == questionMark }
    }

    /// Whether the whole text, in valid UTF-8, fits.
    ///
    /// The time is at most the sum of both lengths; that of segments with question marks is at most the product.
    package func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = segments.first, let last = segments.last,
            var position = end(of: first, at: 0, in: text, upTo: text.count)
        else { return false }
        guard segments.count > 1 else { return position == text.count }
        guard let limit = start(of: last, in: text, from: position) else { return false }
        // A segment found as early as it can be leaves most to those behind it.
        for index in 1..<segments.count - 1 {
            guard let end = search(segments[index], in: text, from: position, upTo: limit) else { return false }
            position = end
        }
        return true
    }

    package func matches(_ text: some Collection<UInt8>) -> Bool {
        if let fits = text.withContiguousStorageIfAvailable({ matches($0) }) { return fits }
        return Array(text).withUnsafeBufferPointer { matches($0) }
    }

    /// Where a segment ends that begins at a place.
    private func end(
        of segment: Segment, at start: Int, in text: UnsafeBufferPointer<UInt8>, upTo limit: Int
    ) -> Int? {
        var position = start
        for index in segment.range {
            guard position < limit else { return nil }
            if segment.hasQuestionMarks, letters[index] == Self.questionMark {
                guard !Self.continues(text[position]) else { return nil }
                position += 1
                while position < limit, Self.continues(text[position]) { position += 1 }
            } else {
                guard letters[index] == text[position] else { return nil }
                position += 1
            }
        }
        return position
    }

    /// Where a segment begins that ends with the text.
    private func start(of segment: Segment, in text: UnsafeBufferPointer<UInt8>, from limit: Int) -> Int? {
        var position = text.count
        for index in segment.range.reversed() {
            guard position > limit else { return nil }
            position -= 1
            if segment.hasQuestionMarks, letters[index] == Self.questionMark {
                while position > limit, Self.continues(text[position]) { position -= 1 }
                guard !Self.continues(text[position]) else { return nil }
            } else {
                guard letters[index] == text[position] else { return nil }
            }
        }
        return position
    }

    /// Where the first occurrence of a segment between two places ends.
    private func search(
        _ segment: Segment, in text: UnsafeBufferPointer<UInt8>, from start: Int, upTo limit: Int
    ) -> Int? {
        if segment.hasQuestionMarks {
            for start in start..<limit {
                if let end = end(of: segment, at: start, in: text, upTo: limit) { return end }
            }
            return nil
        }
        var wanted = segment.range.lowerBound
        for position in start..<limit {
            while wanted > segment.range.lowerBound, letters[wanted] != text[position] {
                wanted = segment.range.lowerBound + Int(failures[wanted - 1])
            }
            if letters[wanted] == text[position] { wanted += 1 }
            if wanted == segment.range.upperBound { return position + 1 }
        }
        return nil
    }

    private static func fill(_ failures: inout [Int32], _ range: Range<Int>, _ letters: [UInt8]) {
        var length = 0
        for index in range.dropFirst() {
            while length > 0, letters[index] != letters[range.lowerBound + length] {
                length = Int(failures[range.lowerBound + length - 1])
            }
            if letters[index] == letters[range.lowerBound + length] { length += 1 }
            failures[index] = Int32(length)
        }
    }

    /// Whether a byte goes on with a character that began before it.
    private static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    private static let asterisk = UInt8(ascii: "*")
    private static let questionMark = UInt8(ascii: "?")
}
