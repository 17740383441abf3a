import Testing

@Suite struct SessionPatternTests {
    private static func matches(_ lines: [String], _ expected: [String]) throws -> Bool {
        var names: [String: String] = [:]
        return try SessionPattern.matches(lines, expected, &names)
    }

    @Test func `Lines without patterns match themselves alone`() throws {
        #expect(try Self.matches(["a (b) [c] {d} <e> $1.0 \\ 订", "…"], ["a (b) [c] {d} <e> $1.0 \\ 订", "…"]))
        #expect(try !Self.matches(["a1"], ["a."]))
        #expect(try !Self.matches(["a", "b"], ["a"]))
        #expect(try !Self.matches(["a"], ["a", "b"]))
    }

    @Test func `Dots stand for any lines`() throws {
        #expect(try Self.matches(["a", "b", "c"], ["a", "...", "c"]))
        #expect(try Self.matches(["a"], ["a", "..."]))
        #expect(try !Self.matches(["a", "b"], ["...", "c"]))
    }

    @Test func `A name stands for what it named`() throws {
        #expect(try Self.matches(["x 7", "7"], ["x <number=N>", "{N}"]))
        #expect(try !Self.matches(["x 7", "8"], ["x <number=N>", "{N}"]))
    }
}
