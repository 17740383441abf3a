import ClavigerCore
import ClavigerTesting
import Testing

@Suite struct GlobTests {
    @Test(arguments: [
        ("*", ["", "a", "key/x", "中"], []),
        ("", [""], ["a"]),
        ("key/*", ["key/", "key/a", "key/a/b", "key/*"], ["key", "Key/a", "akey/a"]),
        ("*/b", ["/b", "a/b", "a/b/b"], ["b", "a/bb", "a/b/"]),
        ("a*b*c", ["abc", "axxbyyc", "abcbc", "abbc"], ["ab", "acb", "abcd", "bac"]),
        ("**", ["", "a"], []),
        ("a**b", ["ab", "axb"], ["a", "b"]),
        ("a?c", ["a?c"], ["abc", "ac"]),
        ("*aab", ["aab", "aaab", "aabaab"], ["aaba", "ab"]),
    ])
    func `An asterisk stands for any text, and a question mark for itself`(
        pattern: String, fitting: [String], others: [String]
    ) {
        let glob = Glob(pattern, .asterisk)
        for text in fitting { #expect(glob.matches(text.utf8), "\(text)") }
        for text in others { #expect(!glob.matches(text.utf8), "\(text)") }
    }

    @Test(arguments: [
        ("a?c", ["abc", "a?c", "a中c", "a😀c"], ["ac", "abbc", "a中中c"]),
        ("?", ["a", "é", "😀"], ["", "ab", "中文"]),
        ("*?", ["a", "中", "a中"], [""]),
        ("?*?", ["ab", "中文", "a中b"], ["a", "中"]),
        ("*?c", ["bc", "中c"], ["c", "中"]),
    ])
    func `Where the language has it, a question mark stands for one character`(
        pattern: String, fitting: [String], others: [String]
    ) {
        let glob = Glob(pattern, .asteriskAndQuestionMark)
        for text in fitting { #expect(glob.matches(text.utf8), "\(text)") }
        for text in others { #expect(!glob.matches(text.utf8), "\(text)") }
    }

    @Test(arguments: [
        // Each would be compared 100,000 times with nearly all of itself, or the asterisks tried in all places.
        "*" + String(repeating: "a", count: 20_000) + "b*",
        "*b" + String(repeating: "a", count: 20_000) + "*",
        String(repeating: "*a", count: 20_000) + "b",
        String(repeating: "*a", count: 20_000) + "*b*",
        "*" + String(repeating: "ab", count: 10_000) + "*b*",
    ])
    func `The time is that to read text and pattern once`(pattern: String) {
        let glob = Glob(pattern, .asterisk)
        let text = Array(repeating: UInt8(ascii: "a"), count: 100_000)
        let duration = ProcessorTime.ofThread { #expect(!glob.matches(text)) }
        // The product of both lengths would be 2,000,000,000 steps.
        #expect(duration < .seconds(5))
    }

    @Test(arguments: [
        (Glob.Wildcards.asterisk, "ab*", 6, "ab", 7), (.asterisk, "aé?*", 4, "aé?", 4),
        (.asteriskAndQuestionMark, "aé?*", 5, "aé", 4),
    ])
    func `All short patterns fit what they fit when all ways are tried`(
        wildcards: Glob.Wildcards, patternLetters: String, patternLength: Int, textLetters: String, textLength: Int
    ) {
        let texts = words(of: textLetters, upTo: textLength)
        for pattern in words(of: patternLetters, upTo: patternLength) {
            let glob = Glob(string(pattern), wildcards)
            let wrong = texts.filter { glob.matches(string($0).utf8) != fits(pattern[...], $0[...], wildcards) }
            #expect(wrong.isEmpty, "\(string(pattern)): \(wrong.map(string))")
        }
    }

    private func words(of letters: String, upTo length: Int) -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = [[]]
        var last = words
        for _ in 0..<length {
            last = last.flatMap { word in letters.unicodeScalars.map { word + [$0] } }
            words += last
        }
        return words
    }

    private func string(_ scalars: [Unicode.Scalar]) -> String {
        var string = ""
        string.unicodeScalars.append(contentsOf: scalars)
        return string
    }

    private func fits(
        _ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>, _ wildcards: Glob.Wildcards
    ) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "*" {
            return fits(pattern.dropFirst(), text, wildcards)
                || !text.isEmpty && fits(pattern, text.dropFirst(), wildcards)
        }
        guard let letter = text.first else { return false }
        return (letter == first || first == "?" && wildcards == .asteriskAndQuestionMark)
            && fits(pattern.dropFirst(), text.dropFirst(), wildcards)
    }
}
