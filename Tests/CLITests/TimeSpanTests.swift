import Testing

@testable import claviger

@Suite struct TimeSpanTests {
    @Test(arguments: [("90", 90), ("900s", 900), ("15m", 900), ("36h", 129_600), ("2d", 172_800), ("0", 0)])
    func `A span of time is a number with its unit`(text: String, seconds: Int64) {
        #expect(TimeSpan(argument: text)?.seconds == seconds)
    }

    @Test(arguments: ["", "h", "1 h", "-1", "1.5h", "1w", "1H", "9223372036854775807d", "٣"])
    func `Anything else is none`(text: String) {
        #expect(TimeSpan(argument: text) == nil)
    }
}
