import Testing

@testable import claviger

@Suite struct MomentTests {
    @Test(arguments: [
        ("2027-01-31T12:00:00Z", 1_801_396_800), ("2027-01-31T20:00:00+08:00", 1_801_396_800),
        ("2027-01-31T09:30:00-02:30", 1_801_396_800), ("2027-01-31T12:00Z", 1_801_396_800),
        ("2028-02-29T00:00:00Z", 1_835_395_200), ("1970-01-01T00:00:00Z", 0), ("1801396800", 1_801_396_800),
    ])
    func `A moment is a time with its zone, or seconds`(text: String, seconds: Int64) {
        #expect(Moment(argument: text)?.seconds == seconds)
    }

    @Test(arguments: [
        (1_801_396_800, "2027-01-31T12:00:00Z"), (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"),
    ])
    func `Servers read a moment in UTC`(seconds: Int64, text: String) {
        #expect(Moment(seconds: seconds).universalText == text)
    }

    @Test(arguments: [
        ("2027-01-31T12:34:56", "2027-01-31T12:34:56"), ("2027-01-31T12:34", "2027-01-31T12:34:00"),
        ("2027-07-31", "2027-07-31T00:00:00"),
    ])
    func `Without a zone it is one of this machine`(text: String, local: String) throws {
        let moment = try #require(Moment(argument: text))
        #expect(LocalTime.text(seconds: moment.seconds).hasPrefix(local))
    }

    @Test(arguments: [
        "", "tomorrow", "2027-01", "2027-1-31", "2027-02-29", "2027-13-01", "2027-00-01", "2027-01-32",
        "2027-01-31T24:00:00Z",
        "2027-01-31T12:60Z", "2027-01-31T12:00:60Z", "2027-01-31T12Z", "2027-01-31Z", "2027-01-31 12:00:00",
        "2027-01-31T12:00:00+8", "2027-01-31T12:00:00+08:60", "2027-01-31T12:00:00Z ", "-1", "99999999999999999999",
        "٢٠٢٧-01-31",
    ])
    func `Anything else is none`(text: String) {
        #expect(Moment(argument: text) == nil)
    }
}
