import ClavigerCore
import Testing

@testable import ClavigerAPIAdmin

@Suite struct TimestampISO8601Tests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_399, "2000-02-28T23:59:59Z"), (951_827_696, "2000-02-29T12:34:56Z"),
            (1_700_000_000, "2023-11-14T22:13:20Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func `A moment is written and read`(seconds: Int64, text: String) {
        #expect(Timestamp(seconds: seconds).iso8601 == text)
        #expect(Timestamp(iso8601: text)?.seconds == seconds)
    }

    @Test(
        arguments: [
            ("2023-11-15T06:13:20+08:00", 1_700_000_000), ("2023-11-14T17:43:20-04:30", 1_700_000_000),
            ("2023-11-14", 1_699_920_000), ("1700000000", 1_700_000_000), ("0", 0),
        ] as [(String, Int64)])
    func `Offsets, dates and seconds are read`(text: String, seconds: Int64) {
        #expect(Timestamp(iso8601: text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "x", "-1", "1.5", "2023-02-29", "2023-13-01", "2023-00-01", "2023-01-00", "2023-1-1", "1969-12-31",
        "2023-11-14 22:13:20Z", "2023-11-14T22:13:20", "2023-11-14T24:00:00Z", "2023-11-14T22:60:00Z",
        "2023-11-14T22:13:60Z", "2023-11-14T22:13Z", "2023-11-14T22:13:20z", "2023-11-14T22:13:20+0800",
        "2023-11-14T22:13:20+24:00", "2023-11-14T22:13:20Zx", "+023-11-14", "2023-11-14T+2:13:20Z",
        "9999999999999",
    ])
    func `Anything else is no moment`(text: String) {
        #expect(Timestamp(iso8601: text) == nil)
    }
}
