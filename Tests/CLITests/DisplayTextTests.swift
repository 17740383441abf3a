import Testing

@testable import claviger

@Suite struct DisplayTextTests {
    @Test func `Lines stay lines, and nothing in them controls the terminal`() {
        #expect(DisplayText.visibleLines("a\n\u{1B}[2Jb\r\n\n") == "a\n\\u{1b}[2Jb\\r\n\n")
    }

    @Test func `A document keeps its lines and tabs`() {
        #expect(DisplayText.visibleDocument("{\r\n\t\"a\u{7F}\"\n}") == "{\n\t\"a\\u{7f}\"\n}")
    }
}
