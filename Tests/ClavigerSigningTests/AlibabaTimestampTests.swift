import ClavigerSigning
import Testing

@Suite struct AlibabaTimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1), ("2016-03-28T03:13:08Z", 1_459_134_788),
            ("2021-05-20T06:34:21Z", 1_621_492_461), ("2024-02-29T23:59:59Z", 1_709_251_199),
            ("2000-02-29T00:00:00Z", 951_782_400), ("2100-02-28T23:59:59Z", 4_107_542_399),
            ("2100-03-01T00:00:00Z", 4_107_542_400), ("0000-01-01T00:00:00Z", -62_167_219_200),
            ("0000-03-01T00:00:00Z", -62_162_035_200), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ] as [(String, Int64)])
    func `A moment is read and written`(text: String, seconds: Int64) {
        #expect(AlibabaTimestamp.seconds(of: text) == seconds)
        #expect(AlibabaTimestamp.seconds(of: Array(text.utf8)[...]) == seconds)
        #expect(AlibabaTimestamp.text(seconds) == text)
    }

    @Test(arguments: [
        "", "2016-03-28T03:13:08", "2016-03-28T03:13:08z", "2016-03-28t03:13:08Z", "2016-03-28 03:13:08Z",
        "2016-03-28T03:13:08Z ", " 2016-03-28T03:13:08Z", "2016-03-28T03:13:08.000Z", "2016-03-28T03:13:08+00:00",
        "2016-03-28T11:13:08+08:00", "20160328T031308Z", "2016/03/28T03:13:08Z", "2016-03-28T03-13-08Z", "1459134788",
        "Mon, 28 Mar 2016 03:13:08 GMT", "2016-3-28T03:13:08Z", "2016-03-28T3:13:08Z", "16-03-28T03:13:08Z",
        "2016-00-28T03:13:08Z", "2016-13-28T03:13:08Z", "2016-03-00T03:13:08Z", "2016-03-32T03:13:08Z",
        "2016-04-31T03:13:08Z", "2015-02-29T03:13:08Z", "2100-02-29T03:13:08Z", "2016-02-30T03:13:08Z",
        "2016-03-28T24:00:00Z", "2016-03-28T03:60:08Z", "2016-03-28T03:13:60Z", "2016-03-28T03:13:0aZ",
        "+016-03-28T03:13:08Z", "-016-03-28T03:13:08Z", "2016-03-28T03:13: 8Z", "12016-03-28T03:13:08Z",
        "２016-03-28T03:13:08Z", "２16-03-28T03:13:08Z", "0000-00-00T00:00:00Z",
    ])
    func `What is written otherwise, or what no calendar has, is no moment`(text: String) {
        #expect(AlibabaTimestamp.seconds(of: text) == nil)
        #expect(AlibabaTimestamp.seconds(of: Array(text.utf8)[...]) == nil)
    }

    @Test func `A slice of a longer text is read alone`() {
        let text = Array("xx2021-05-20T06:34:21Zyy".utf8)
        #expect(AlibabaTimestamp.seconds(of: text[2..<22]) == 1_621_492_461)
        #expect(AlibabaTimestamp.seconds(of: text[1..<22]) == nil)
    }

    @Test(
        arguments: [
            (Int64.min, "0000-01-01T00:00:00Z"), (-62_167_219_201, "0000-01-01T00:00:00Z"),
            (253_402_300_800, "9999-12-31T23:59:59Z"), (Int64.max, "9999-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func `Moments of no year with four digits are written as the nearest`(seconds: Int64, text: String) {
        #expect(AlibabaTimestamp.text(seconds) == text)
    }

    @Test func `What is written is read as the same moment`() {
        // Two or three days of each month of ten thousand years, each at another time of it.
        for seconds in stride(from: Int64(-62_167_219_200), through: 253_402_300_799, by: 1_000_007) {
            let text = AlibabaTimestamp.text(seconds)
            if AlibabaTimestamp.seconds(of: text) != seconds { Issue.record("\(text) is not \(seconds)") }
        }
    }
}
