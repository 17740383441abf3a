import Testing

@testable import claviger

@Suite struct TextBytesTests {
    @Test(arguments: ["", "a\n\tb", "雪 e\u{301}", "\u{10FFFF}"])
    func `Text without control characters can be shown`(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { TextBytes.isShowable($0) })
    }

    @Test(arguments: ["\u{1B}[2J", "a\u{0}", "\u{9B}", "a\rb"])
    func `Text with control characters is text, but not shown`(text: String) {
        #expect(Array(text.utf8).withUnsafeBytes { TextBytes.isText($0) })
        #expect(!Array(text.utf8).withUnsafeBytes { TextBytes.isShowable($0) })
    }

    @Test(arguments: [[0x80], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0xE9, 0x9B]])
    func `What is no UTF-8 is no text`(bytes: [UInt8]) {
        #expect(!bytes.withUnsafeBytes { TextBytes.isText($0) })
    }
}
