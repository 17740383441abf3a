/// A second of the Gregorian calendar in UTC, of the years 0 to 9999; before the calendar's own time it is continued. There are no leap seconds.
///
/// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days.
struct CalendarMoment {
    /// The last second of the year 9999, and the first of the year 0.
    private static let range: ClosedRange<Int64> = -62_167_219_200...253_402_300_799

    private let year: Int64
    private let month: Int64
    private let day: Int64
    private let secondOfDay: Int64

    /// The moment that is so many seconds after the beginning of 1970; outside the years 0 to 9999 the nearest within.
    init(seconds: Int64) {
        let seconds = min(max(seconds, Self.range.lowerBound), Self.range.upperBound)
        let second = seconds % 86400
        secondOfDay = second < 0 ? second + 86400 : second
        // Years begin in March, so that the leap day is the last. The first two months of year 0 are of the era before.
        let days = (seconds - secondOfDay) / 86400 + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shifted + 2) / 5 + 1
        month = shifted < 10 ? shifted + 3 : shifted - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Reads text of a form; `nil` if it has another or no calendar has the moment.
    ///
    /// - Parameter form: in ASCII, each `0` stands for a digit and anything else for itself. The digits are those of year (four), month, day, hour,
    ///   minute and second (two each).
    init?(_ text: UnsafeBufferPointer<UInt8>, form: StaticString) {
        guard text.count == form.utf8CodeUnitCount else { return nil }
        var digits: Int64 = 0
        for index in 0..<text.count {
            let byte = text[index]
            let expected = form.utf8Start[index]
            if expected == UInt8(ascii: "0") {
                guard 48...57 ~= byte else { return nil }
                digits = digits * 10 + Int64(byte) - 48
            } else if byte != expected {
                return nil
            }
        }
        let (hour, minute, second) = (digits / 10_000 % 100, digits / 100 % 100, digits % 100)
        year = digits / 10_000_000_000
        month = digits / 100_000_000 % 100
        day = digits / 1_000_000 % 100
        secondOfDay = hour * 3600 + minute * 60 + second
        guard 1...12 ~= month, day >= 1, day <= Self.days(in: month, of: year), hour < 24, minute < 60, second < 60
        else { return nil }
    }

    /// Seconds since 1970.
    var seconds: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return (era * 146_097 + dayOfEra - 719_468) * 86400 + secondOfDay
    }

    /// Writes the moment in a form as the reader has them, or its beginning if the form has fewer digits.
    ///
    /// - Parameter target: has room for the form, and is filled to its length.
    func write(form: StaticString, to target: UnsafeMutableBufferPointer<UInt8>) {
        let date = (year * 100 + month) * 100 + day
        let time = (secondOfDay / 3600 * 100 + secondOfDay / 60 % 60) * 100 + secondOfDay % 60
        let digits = date * 1_000_000 + time
        var place: Int64 = 10_000_000_000_000
        for index in 0..<form.utf8CodeUnitCount {
            let expected = form.utf8Start[index]
            if expected == UInt8(ascii: "0") {
                target[index] = 48 + UInt8(digits / place % 10)
                place /= 10
            } else {
                target[index] = expected
            }
        }
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
