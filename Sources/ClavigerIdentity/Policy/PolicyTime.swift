import ClavigerCore

/// Moments as conditions write them.
enum PolicyTime {
    /// Reads ISO 8601 to the second with `Z` or an offset, or seconds since 1970.
    static func parse(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        if !bytes.isEmpty, bytes.count <= 12, bytes.allSatisfy({ 48...57 ~= $0 }) {
            return Int64(text).map { Timestamp(seconds: $0) }
        }
        guard bytes.count >= 20, fits(bytes[..<19], "0000-00-00T00:00:00") else { return nil }
        func number(_ range: Range<Int>) -> Int64 { bytes[range].reduce(0) { $0 * 10 + Int64($1 - 48) } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        let (hour, minute, second) = (number(11..<13), number(14..<16), number(17..<19))
        guard 1...12 ~= month, 1...daysOfMonth(month, year) ~= day, hour < 24, minute < 60, second < 60 else {
            return nil
        }
        var offset: Int64 = 0
        let zone = bytes[19...]
        if fits(zone, "+00:00") || fits(zone, "-00:00") {
            let (hours, minutes) = (number(20..<22), number(23..<25))
            guard hours < 24, minutes < 60 else { return nil }
            offset = (hours * 3600 + minutes * 60) * (zone.first == UInt8(ascii: "-") ? -1 : 1)
        } else if !fits(zone, "Z") {
            return nil
        }
        let days = daysSince1970(year, month, day)
        return Timestamp(seconds: days * 86400 + hour * 3600 + minute * 60 + second - offset)
    }

    /// Whether text has this form, in which `0` is any digit.
    private static func fits(_ text: ArraySlice<UInt8>, _ form: String) -> Bool {
        text.count == form.utf8.count
            && zip(text, form.utf8).allSatisfy { $1 == UInt8(ascii: "0") ? 48...57 ~= $0 : $0 == $1 }
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && year % 100 != 0 || year % 400 == 0 }

    private static func daysOfMonth(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Of the Gregorian calendar, before its time too.
    private static func daysSince1970(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        // Years that begin with March have the leap day at their end; 0000-03-01 is 719468 days before 1970-01-01.
        let shifted = month > 2 ? year : year - 1
        let cycle = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfCycle = shifted - cycle * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return cycle * 146_097 + yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear - 719_468
    }
}
