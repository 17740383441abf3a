import ClavigerCrypto
import Logging
import Testing

@testable import ClavigerServer

@Suite struct LineLogHandlerTests {
    private func line(
        _ message: Logger.Message, _ metadata: Logger.Metadata? = nil, format: ServerConfiguration.LogFormat = .json,
        own: Logger.Metadata = [:]
    ) -> String {
        var handler = LineLogHandler(label: "test", level: .info, format: format)
        handler.metadata = own
        return handler.line(
            of: LogEvent(
                level: .warning, message: message, metadata: metadata, source: "s", file: "f", function: "g", line: 1))
    }

    @Test(arguments: [
        "plain", "with \"quotes\"", "back\\slash", "two\nlines", "tab\tand\rreturn", "null\0", "\u{1}\u{1F}\u{7F}",
        "ünï 密 😀", "",
        "</script>", "\u{2028}",
    ])
    func `Every text makes one line of JSON that says the same`(text: String) throws {
        let line = line("\(text)", ["key.id": "\(text)"])
        #expect(line.hasSuffix("\n"))
        #expect(line.utf8.count { $0 == 0x0A } == 1)
        let parsed = try JSONParser.parse(Array(line.utf8))
        #expect(parsed["message"]?.text == text)
        #expect(parsed["key.id"]?.text == text)
        #expect(parsed["level"]?.text == "warning")
        #expect(parsed["logger"]?.text == "test")
    }

    @Test func `The time is in UTC with milliseconds`() throws {
        let time = try #require(try JSONParser.parse(Array(line("x").utf8))["time"]?.text)
        #expect(time.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ/) != nil)
    }

    @Test func `Fields are sorted, and those of the event go before those of the logger`() {
        #expect(
            line("x", ["b": "2", "a": "1"], own: ["b": "old", "c": "3"])
                .hasSuffix(#""message":"x","a":"1","b":"2","c":"3"}"# + "\n"))
    }

    @Test func `Text has one line, whatever comes in`() {
        let line = line("a\nb\u{1B}[31m", ["k": "x\r\ny"], format: .text)
        #expect(line.hasSuffix(" WARNING a?b?[31m  k=x??y\n"))
        #expect(line.utf8.count { $0 == 0x0A } == 1)
    }
}
