import Testing

@testable import ClavigerAudit

@Suite struct BytePatternTests {
    private func places(of pattern: String, in text: [UInt8]) -> [Int] {
        let frequencies = text.withUnsafeBytes { BytePattern.frequencies(in: $0) }
        let pattern = BytePattern(Array(pattern.utf8), frequencies: frequencies)
        return text.withUnsafeBytes { text in
            var places: [Int] = []
            while let place = pattern.firstIndex(in: text, from: places.last.map { $0 + 1 } ?? 0) {
                places.append(place)
            }
            #expect(pattern.count(in: text) == places.count)
            #expect(pattern.occurs(in: text) == !places.isEmpty)
            return places
        }
    }

    @Test(arguments: ["x", "xy", "aab", "ab\"a", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef!"])
    func `A pattern is found at every place of a text of any length`(pattern: String) {
        let wanted = Array(pattern.utf8)
        for length in 0...150 {
            let blank = [UInt8](repeating: UInt8(ascii: "a"), count: length)
            #expect(places(of: pattern, in: blank) == [])
            guard length >= wanted.count else { continue }
            for place in 0...length - wanted.count {
                var text = blank
                text.replaceSubrange(place..<place + wanted.count, with: wanted)
                #expect(places(of: pattern, in: text) == [place])
            }
        }
    }

    @Test(arguments: ["a", "aa", "aba", "abab"])
    func `Places that overlap are all found`(pattern: String) {
        let text = Array(String(repeating: "ab", count: 70).utf8) + Array(String(repeating: "a", count: 70).utf8)
        let wanted = Array(pattern.utf8)
        let expected = text.indices.filter { text[$0...].starts(with: wanted) }
        #expect(places(of: pattern, in: text) == expected)
    }
}
