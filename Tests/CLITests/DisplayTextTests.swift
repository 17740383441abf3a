import Testing

@testable import claviger

@Suite struct DisplayTextTests {
    @Test func `Lines stay lines, and nothing in them controls the terminal`() {
        #expect(DisplayText.visibleLines("a\n\u{1B}[2Jb\r\n\n") == "a\n\\u{1b}[2Jb\\r\n\n")
    }
}
